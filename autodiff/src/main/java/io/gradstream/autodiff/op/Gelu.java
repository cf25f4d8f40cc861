package io.gradstream.autodiff.op;

import java.util.List;

/** y = x·Φ(x) with Φ the normal distribution function, exact (by erf) as PyTorch's default. */
public record Gelu() implements Unary {

    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final Erf ERF = new Erf();

    @Override
    public double apply(double x) {
        return x * 0.5 * (1 + ERF.apply(x * SQRT_HALF));
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.emit(new GeluSlope(), x);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Gelu(), Literal.wave(5, 7)));
    }
}
