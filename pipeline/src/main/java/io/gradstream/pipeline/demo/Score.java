package io.gradstream.pipeline.demo;

/**
 * How a model did on some rows before it learned from them.
 *
 * @param loss the model's mean log-loss
 * @param best that of a model that knows the truth
 */
public record Score(double loss, double best) {
    /** 1 is perfect. */
    public double ratio() {
        return loss / best;
    }
}
