package io.gradstream.autodiff.op;

import java.util.List;

/** y = Φ(x) + x·φ(x), the slope of {@link Gelu}. */
public record GeluSlope() implements Unary {

    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);
    private static final Erf ERF = new Erf();

    @Override
    public double apply(double x) {
        return 0.5 * (1 + ERF.apply(x * SQRT_HALF)) + x * density(x);
    }

    private static double density(double x) {
        return DENSITY_AT_0 * Math.exp(-0.5 * x * x);
    }

    /** φ(x)·(2 − x²). */
    @Override
    public Value slope(Emitter e, Value x, Value y) {
        Value square = e.square(x);
        Value density = e.multiply(e.exp(e.multiply(square, -0.5)), DENSITY_AT_0);
        return e.multiply(density, e.add(e.negate(square), 2));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new GeluSlope(), Literal.wave(5, 7)), Sample.of(new GeluSlope(), Literal.ripple(207)));
    }
}
