package io.gradstream.autodiff.op;

/**
 * How the loss scale moves, as {@code torch.amp.GradScaler} moves it: times backoff after a step with a gradient that is not
 * finite (never below 1), times growth after a number of good steps in a row.
 */
public record LossScaling(double growth, double backoff, int interval) {

    /** A loss scale that stays what it is. */
    public static final LossScaling FIXED = new LossScaling(1, 1, 1);

    public LossScaling {
        if (!(growth >= 1) || !(backoff > 0 && backoff <= 1) || interval < 1) {
            throw new IllegalArgumentException(
                    "growth must be at least 1, backoff within (0, 1], interval positive: growth=" + growth
                            + " backoff=" + backoff + " interval=" + interval);
        }
    }
}
