package io.gradstream.autodiff.op;

import java.util.List;

/** y = x held between two bounds; the slope is 1 between them and on them, else 0. */
public record Clamp(double low, double high) implements Unary {

    public Clamp {
        if (!(low <= high)) {
            throw new IllegalArgumentException("bounds must be ordered: low=" + low + " high=" + high);
        }
    }

    @Override
    public double apply(double x) {
        return x < low ? low : x > high ? high : x;
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.multiply(
                e.greaterOrEqual(x, e.constant(low, x.dtype())), e.greaterOrEqual(e.constant(high, x.dtype()), x));
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new Clamp(-0.7, 0.9), Literal.wave(5, 7)));
    }
}
