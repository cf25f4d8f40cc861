package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;

/**
 * The rounding that storing a value in few bits would do to it, for training that is aware of it: y = s·clamp(round(x/s)), symmetric
 * around zero. The rounding passes gradients straight through; beyond the largest code the clamp stops them (arXiv 1712.05877).
 */
public record FakeQuantization(int bits) {

    private static final double SMALLEST_SCALE = 1e-12;

    public FakeQuantization {
        if (bits < 2 || bits > 16) {
            throw new IllegalArgumentException("codes must have between 2 and 16 bits: bits=" + bits);
        }
    }

    /** Codes from -127 to 127. */
    public static FakeQuantization int8() {
        return new FakeQuantization(8);
    }

    /** The largest code; the smallest one is its negative. */
    public int largest() {
        return (1 << (bits - 1)) - 1;
    }

    /** The value as codes of a given step size would give it. */
    public Tensor of(Tensor x, Tensor scale) {
        return StraightThrough.round(x.divide(scale))
                .clamp(-largest(), largest())
                .multiply(scale);
    }

    /** The value under the step size with which its largest element is the largest code; the step size counts as a constant. */
    public Tensor of(Tensor x) {
        Tensor scale = x.abs().max().multiply(1.0 / largest());
        return of(x, scale.maximum(x.tape().constant(SMALLEST_SCALE, x.dtype())).stopGradient());
    }
}
