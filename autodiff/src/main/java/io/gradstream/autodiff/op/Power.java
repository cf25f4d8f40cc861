package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = x to a fixed exponent. The slopes of exponents 0, 1 and 2 are polynomials, which are right also where x is 0. */
public record Power(double exponent) implements Unary {

    @Override
    public double apply(double x) {
        return Math.pow(x, exponent);
    }

    @Override
    public @Nullable Value slope(Emitter e, Value x, Value y) {
        if (exponent == 0) {
            return null;
        }
        if (exponent == 1) {
            return e.constant(1, y.dtype());
        }
        if (exponent == 2) {
            return e.multiply(x, 2);
        }
        return e.multiply(e.power(x, exponent - 1), exponent);
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Power(3), Literal.wave(13)), Sample.of(new Power(-0.5), Literal.positive(13)));
    }
}
