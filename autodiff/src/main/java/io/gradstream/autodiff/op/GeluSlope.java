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

    /** 2·φ(x) − x·(x·φ(x)): the square of a large x would be infinite where its density is 0. */
    @Override
    public Value slope(Emitter e, Value x, Value y) {
        Value density = e.multiply(e.exp(e.multiply(e.square(x), -0.5)), DENSITY_AT_0);
        return e.subtract(e.multiply(density, 2), e.multiply(x, e.multiply(x, density)));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new GeluSlope(), Literal.wave(5, 7)), Sample.of(new GeluSlope(), Literal.ripple(207)));
    }
}
