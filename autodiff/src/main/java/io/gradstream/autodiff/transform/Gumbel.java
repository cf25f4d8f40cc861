package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;

/**
 * Samples of a categorical distribution, rows of logits along the last axis, from uniform noise in (0, 1) of the samples' shape:
 * exact one-hot ones, and relaxed ones through which gradients flow (Gumbel-softmax, arXiv 1611.01144).
 */
public final class Gumbel {

    private static final double LEAST = Float.MIN_NORMAL;
    private static final double LARGEST = 1 - 0x1p-24;

    private Gumbel() {}

    /** -ln(-ln u), finite also where u is rounded to 0 or 1: noise under which the largest of logits + noise is a sample of softmax(logits). */
    public static Tensor noise(Tensor uniform) {
        return uniform.clamp(LEAST, LARGEST).log().negate().log().negate();
    }

    /** Exact samples as one-hot rows; no gradient flows. */
    public static Tensor sample(Tensor logits, Tensor uniform) {
        Tensor perturbed = logits.add(noise(uniform)).stopGradient();
        return oneHot(perturbed);
    }

    /** Samples relaxed to softmax((logits + noise) / temperature): near one-hot when cold, and then with gradients of large variance. */
    public static Tensor softmax(Tensor logits, Tensor uniform, double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature must be positive: temperature=" + temperature);
        }
        return logits.add(noise(uniform)).multiply(1 / temperature).softmax();
    }

    /** One-hot samples with the gradients of the relaxed ones. */
    public static Tensor straightThrough(Tensor logits, Tensor uniform, double temperature) {
        Tensor relaxed = softmax(logits, uniform, temperature);
        return StraightThrough.of(oneHot(relaxed.stopGradient()), relaxed);
    }

    private static Tensor oneHot(Tensor rows) {
        int[] dims = rows.shape().with(-1, 1).dims();
        return rows.equal(rows.max(-1).reshape(dims));
    }
}
