package io.gradstream.autodiff.op;

import java.util.List;

/** y = a - b. */
public record Subtract() implements Binary {

    @Override
    public double apply(double a, double b) {
        return a - b;
    }

    @Override
    public Value leftSlope(Emitter e, Value a, Value b, Value y) {
        return e.constant(1, y.dtype());
    }

    @Override
    public Value rightSlope(Emitter e, Value a, Value b, Value y) {
        return e.constant(-1, y.dtype());
    }

    public static List<Sample> samples() {
        return Sample.broadcasting(new Subtract());
    }
}
