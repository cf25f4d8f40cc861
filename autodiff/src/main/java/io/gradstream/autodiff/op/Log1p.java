package io.gradstream.autodiff.op;

import java.util.List;

/** y = ln(1 + x), exact for small x. */
public record Log1p() implements Unary {

    @Override
    public double apply(double x) {
        return Math.log1p(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.divide(e.constant(1, x.dtype()), e.add(x, 1));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Log1p(), Literal.positive(5, 7)));
    }
}
