package io.gradstream.pipeline.batching;

/**
 * How much training is enough. Rows and steps count from the model's first row, not from the start of the process: a trainer
 * that was killed and started again ends where an undisturbed one would have.
 */
public record StopConditions(long rows, long steps) {
    public static final StopConditions NEVER = new StopConditions(Long.MAX_VALUE, Long.MAX_VALUE);

    public StopConditions {
        if (rows < 0 || steps < 0) {
            throw new IllegalArgumentException("a stop condition is not negative: rows=" + rows + " steps=" + steps);
        }
    }
}
