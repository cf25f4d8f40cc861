package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = the nearest integer, ties to even; flat everywhere, so a straight-through estimator must say what its slope is to be. */
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
                Sample.of(new Round(), Literal.of(-2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 8388607.5, -4194304.5, 1e10, -1e30))
                        .valuesOnly());
    }
}
