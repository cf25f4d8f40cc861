package io.gradstream.autodiff.op;

import java.util.List;

/** y = ln(1 + eˣ) without overflow; the slope is σ(x). */
public record Softplus() implements Unary {

    @Override
    public double apply(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.sigmoid(x);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Softplus(), Literal.wave(5, 7)));
    }
}
