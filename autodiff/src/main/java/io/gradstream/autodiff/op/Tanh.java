package io.gradstream.autodiff.op;

import java.util.List;

/** y = tanh x; the slope 1 - y² is at most 1. */
public record Tanh() implements Unary {

    @Override
    public double apply(double x) {
        return Math.tanh(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.subtract(e.constant(1, y.dtype()), e.square(y));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Tanh(), Literal.wave(5, 7)));
    }
}
