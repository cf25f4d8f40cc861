package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = the largest integer that is not above x; flat everywhere. */
public record Floor() implements Unary {

    @Override
    public double apply(double x) {
        return Math.floor(x);
    }

    @Override
    public @Nullable Value slope(Emitter e, Value x, Value y) {
        return null;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Floor(), Literal.wave(5, 7)),
                Sample.of(new Floor(), Literal.of(-2.5, -1, -0.3, -0.0, 0.3, 1.5, 8388607.5, -4194304.5, 1e10, -1e30))
                        .valuesOnly());
    }
}
