package io.gradstream.autodiff.op;

import java.util.List;

/** y = 1 / (1 + e⁻ˣ); the slope y(1 - y) is at most 1/4. */
public record Sigmoid() implements Unary {

    @Override
    public double apply(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double exp = Math.exp(x);
        return exp / (1 + exp);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(y, e.subtract(e.constant(1, y.dtype()), y));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Sigmoid(), Literal.wave(5, 7)));
    }
}
