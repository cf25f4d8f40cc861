package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nearest whole number, ties to even; flat everywhere. */
public record Round() implements Unary {

    @Override
    public double apply(double x) {
        return Math.rint(x);
    }

    @Override
    public @Nullable Value slope(Emitter e, Value x, Value y) {
        return null;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Round(), Literal.wave(5, 7)),
                Sample.of(new Round(), Literal.of(-2.5, -1.5, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5))
                        .valuesOnly());
    }
}
