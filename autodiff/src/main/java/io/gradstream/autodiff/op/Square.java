package io.gradstream.autodiff.op;

import java.util.List;

/** y = x². */
public record Square() implements Unary {

    @Override
    public double apply(double x) {
        return x * x;
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(x, 2);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Square(), Literal.wave(5, 7)));
    }
}
