package io.gradstream.pipeline.guard;

/**
 * Steps that follow each other.
 *
 * @param after the step behind which they begin
 * @param to the last of them
 */
public record Stretch(long after, long to) {
    public Stretch {
        if (after >= to) {
            throw new IllegalArgumentException("a stretch must have steps: after=" + after + " to=" + to);
        }
    }
}
