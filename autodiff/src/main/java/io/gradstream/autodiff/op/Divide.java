package io.gradstream.autodiff.op;

import java.util.List;

/** y = a / b. */
public record Divide() implements Binary {

    @Override
    public double apply(double a, double b) {
        return a / b;
    }

    @Override
    public Value leftSlope(Emitter e, Value a, Value b, Value y) {
        return e.divide(e.constant(1, b.dtype()), b);
    }

    @Override
    public Value rightSlope(Emitter e, Value a, Value b, Value y) {
        return e.negate(e.divide(y, b));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Divide(), Literal.wave(5, 7), Literal.positive(5, 7)),
                Sample.of(new Divide(), Literal.wave(5, 7), Literal.positive(7)));
    }
}
