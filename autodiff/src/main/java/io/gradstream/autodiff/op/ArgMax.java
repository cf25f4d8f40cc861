package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The number of the largest element along an axis, the first of those that tie; an element that is not a number counts as the largest. */
public record ArgMax(int axis) implements Reduction {

    @Override
    public Axes axes() {
        return new Axes(axis);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        return Reduction.super.type(inputs).with(DType.I32);
    }

    /** Whether a later element takes the place of the largest so far. */
    public static boolean replaces(double element, double largest) {
        return element > largest || (Double.isNaN(element) && !Double.isNaN(largest));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf((Value) null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return null;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new ArgMax(1), Literal.wave(5, 7)).valuesOnly(),
                Sample.of(new ArgMax(0), Literal.wave(5, 7)).valuesOnly(),
                Sample.of(new ArgMax(1), Literal.wave(3, 4, 5)).valuesOnly(),
                Sample.of(new ArgMax(0), Literal.of(1, 3, 3, Double.NaN, 9)).valuesOnly(),
                Sample.of(new ArgMax(0), Literal.of(-1, Double.NEGATIVE_INFINITY, -1))
                        .valuesOnly());
    }
}
