package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements whose index along one axis is from…to-1. */
public record Slice(int axis, int from, int to) implements Movement {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType input = inputs.get(0);
        Rules.require(
                axis >= 0
                        && axis < input.shape().rank()
                        && 0 <= from
                        && from <= to
                        && to <= input.shape().dim(axis),
                this,
                "must lie within its operand",
                "operand=" + input + " axis=" + axis + " from=" + from + " to=" + to);
        return input.with(input.shape().with(axis, to - from));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new Pad(axis, from, at.input(0).shape().dim(axis) - to), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Slice(0, 1, 4), Literal.wave(5, 7)),
                Sample.of(new Slice(1, 2, 7), Literal.wave(5, 7)),
                Sample.of(new Slice(1, 0, 1), Literal.wave(3, 4, 5)));
    }
}
