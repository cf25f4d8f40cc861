package io.gradstream.autodiff.op;

import java.util.List;

/** y = x·σ(x), also called swish. */
public record Silu() implements Unary {

    private static final Sigmoid SIGMOID = new Sigmoid();

    @Override
    public double apply(double x) {
        return x * SIGMOID.apply(x);
    }

    /** σ(x)·(1 + x - y). */
    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(e.sigmoid(x), e.add(e.subtract(x, y), 1));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Silu(), Literal.wave(5, 7)));
    }
}
