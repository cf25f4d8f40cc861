package io.gradstream.autodiff.op;

import java.util.List;

/**
 * y = 2/√π·∫₀ˣ e^-t² dt, to double precision: the Maclaurin series below |x| = 2.5, Lentz's evaluation of the continued
 * fraction of erfc above it.
 */
public record Erf() implements Unary {

    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
    private static final double SERIES_LIMIT = 2.5;
    private static final int FRACTION_TERMS = 60;

    @Override
    public double apply(double x) {
        double size = Math.abs(x);
        return size < SERIES_LIMIT ? series(x) : size > 6 ? Math.signum(x) : Math.copySign(1 - tail(size), x);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(e.exp(e.negate(e.square(x))), TWO_OVER_SQRT_PI);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Erf(), Literal.wave(5, 7)),
                Sample.of(new Erf(), Literal.of(-7, -3, -2.4, 0, 2.6, 4, 6.5)));
    }

    /** 2/√π·e^-x²·Σ 2ⁿ·x²ⁿ⁺¹/(2n+1)!!, whose terms all have one sign. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
    }

    /** erfc x = e^-x²/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))). */
    private static double tail(double x) {
        double fraction = x;
        for (int n = FRACTION_TERMS; n > 0; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
