package io.gradstream.autodiff.op;

import java.util.List;

/** y = the larger of a and b; a tie gives each half the slope. */
public record Maximum() implements Binary {

    /** 1 where the first operand wins, 1/2 where both are equal. */
    private static Value winner(Emitter e, Value greater, Value less) {
        return e.multiply(e.add(e.greater(greater, less), e.greaterOrEqual(greater, less)), 0.5);
    }

    @Override
    public double apply(double a, double b) {
        return Math.max(a, b);
    }

    @Override
    public Value leftSlope(Emitter e, Value a, Value b, Value y) {
        return winner(e, a, b);
    }

    @Override
    public Value rightSlope(Emitter e, Value a, Value b, Value y) {
        return winner(e, b, a);
    }

    public static List<Sample> samples() {
        return Sample.broadcasting(new Maximum());
    }
}
