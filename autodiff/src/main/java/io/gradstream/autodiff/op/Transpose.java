package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Axes in another order: axis i of the result is axis order[i] of the operand. */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record Transpose(int... order) implements Movement {

    public Transpose {
        order = order.clone();
        int[] sorted = IntStream.of(order).sorted().toArray();
        if (!Arrays.equals(sorted, IntStream.range(0, order.length).toArray())) {
            throw new IllegalArgumentException("order must name every axis once: order=" + Arrays.toString(order));
        }
    }

    @Override
    public int[] order() {
        return order.clone();
    }

    public Transpose inverse() {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return new Transpose(inverse);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.rank(this, inputs.get(0), order.length);
        Shape shape = inputs.get(0).shape();
        return inputs.get(0).with(new Shape(IntStream.of(order).map(shape::dim).toArray()));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(inverse(), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Transpose that && Arrays.equals(order, that.order);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(order);
    }

    @Override
    public String toString() {
        return "Transpose" + Arrays.toString(order);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Transpose(1, 0), Literal.wave(5, 7)),
                Sample.of(new Transpose(2, 0, 1), Literal.wave(3, 4, 5)));
    }
}
