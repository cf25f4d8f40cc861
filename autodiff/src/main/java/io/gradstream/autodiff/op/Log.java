package io.gradstream.autodiff.op;

import java.util.List;

/** y = ln x. */
public record Log() implements Unary {

    @Override
    public double apply(double x) {
        return Math.log(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.divide(e.constant(1, x.dtype()), x);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Log(), Literal.positive(5, 7)));
    }
}
