package io.gradstream.autodiff.op;

import java.util.List;

/** y = a·b. */
public record Multiply() implements Binary {

    @Override
    public double apply(double a, double b) {
        return a * b;
    }

    @Override
    public Value leftSlope(Emitter e, Value a, Value b, Value y) {
        return b;
    }

    @Override
    public Value rightSlope(Emitter e, Value a, Value b, Value y) {
        return a;
    }

    public static List<Sample> samples() {
        return Sample.broadcasting(new Multiply());
    }
}
