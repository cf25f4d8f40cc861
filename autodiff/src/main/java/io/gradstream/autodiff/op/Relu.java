package io.gradstream.autodiff.op;

import java.util.List;

/** y = max(x, 0); the slope at 0 is 0. */
public record Relu() implements Unary {

    @Override
    public double apply(double x) {
        return x > 0 || Double.isNaN(x) ? x : 0;
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.greater(y, e.constant(0, y.dtype()));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Relu(), Literal.wave(5, 7)));
    }
}
