package io.gradstream.autodiff.op;

import java.util.List;

/** y = x·Φ(x) with Φ the normal distribution function, exact (by erf) as PyTorch's default. */
public record Gelu() implements Unary {

    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);
    private static final Erf ERF = new Erf();

    @Override
    public double apply(double x) {
        return x * 0.5 * (1 + ERF.apply(x * SQRT_HALF));
    }

    /** Φ(x) + x·φ(x). */
    @Override
    public Value slope(Emitter e, Value x, Value y) {
        Value distribution = e.multiply(e.add(e.erf(e.multiply(x, SQRT_HALF)), 1), 0.5);
        Value density = e.multiply(e.exp(e.multiply(e.square(x), -0.5)), DENSITY_AT_0);
        return e.add(distribution, e.multiply(x, density));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Gelu(), Literal.wave(5, 7)));
    }
}
