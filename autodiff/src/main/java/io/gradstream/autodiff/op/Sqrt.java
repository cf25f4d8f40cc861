package io.gradstream.autodiff.op;

import java.util.List;

/** y = √x. */
public record Sqrt() implements Unary {

    @Override
    public double apply(double x) {
        return Math.sqrt(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.divide(e.constant(0.5, x.dtype()), y);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Sqrt(), Literal.positive(5, 7)));
    }
}
