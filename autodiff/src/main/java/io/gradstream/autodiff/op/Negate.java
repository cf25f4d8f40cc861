package io.gradstream.autodiff.op;

import java.util.List;

/** y = -x. */
public record Negate() implements Unary {

    @Override
    public double apply(double x) {
        return -x;
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.constant(-1, x.dtype());
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Negate(), Literal.wave(5, 7)));
    }
}
