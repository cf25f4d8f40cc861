package io.gradstream.autodiff.op;

import java.util.List;

/** y = x to a fixed exponent. */
public record Power(double exponent) implements Unary {

    @Override
    public double apply(double x) {
        return Math.pow(x, exponent);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(e.power(x, exponent - 1), exponent);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Power(3), Literal.wave(13)), Sample.of(new Power(-0.5), Literal.positive(13)));
    }
}
