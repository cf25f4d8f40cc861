package io.gradstream.autodiff.op;

import java.util.List;

/** y = |x|; the slope at 0 is 0. */
public record Abs() implements Unary {

    @Override
    public double apply(double x) {
        return Math.abs(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.sign(x);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Abs(), Literal.wave(5, 7)));
    }
}
