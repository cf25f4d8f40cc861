package io.gradstream.autodiff.op;

import java.util.List;

/** y = x above 0 and leak·x elsewhere; the slope at 0 is the leak. */
public record LeakyRelu(double leak) implements Unary {

    @Override
    public double apply(double x) {
        return x > 0 ? x : leak * x;
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.where(e.greater(x, e.constant(0, x.dtype())), e.constant(1, x.dtype()), e.constant(leak, x.dtype()));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new LeakyRelu(0.01), Literal.wave(5, 7)));
    }
}
