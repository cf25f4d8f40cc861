package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = 1 where a = b, else 0; flat everywhere. */
public record Equal() implements Binary {

    @Override
    public double apply(double a, double b) {
        return a == b ? 1 : 0;
    }

    @Override
    public @Nullable Value leftSlope(Emitter e, Value a, Value b, Value y) {
        return null;
    }

    @Override
    public @Nullable Value rightSlope(Emitter e, Value a, Value b, Value y) {
        return null;
    }

    public static List<Sample> samples() {
        return Sample.broadcasting(new Equal());
    }
}
