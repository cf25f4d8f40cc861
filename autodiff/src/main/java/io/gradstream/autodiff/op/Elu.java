package io.gradstream.autodiff.op;

import java.util.List;

/** y = x above 0 and scale·(eˣ - 1) elsewhere. */
public record Elu(double scale) implements Unary {

    @Override
    public double apply(double x) {
        return x > 0 ? x : scale * Math.expm1(x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.where(e.greater(y, e.constant(0, y.dtype())), e.constant(1, y.dtype()), e.add(y, scale));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Elu(1), Literal.wave(5, 7)), Sample.of(new Elu(0.3), Literal.wave(11)));
    }
}
