package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Zeros before and after the elements along one axis. */
public record Pad(int axis, int before, int after) implements Movement {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType input = inputs.get(0);
        Rules.require(
                axis >= 0 && axis < input.shape().rank() && before >= 0 && after >= 0,
                this,
                "must grow an axis of its operand",
                "operand=" + input + " axis=" + axis + " before=" + before + " after=" + after);
        return input.with(input.shape().with(axis, before + input.shape().dim(axis) + after));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(
                e.emit(new Slice(axis, before, before + at.input(0).shape().dim(axis)), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Pad(0, 1, 2), Literal.wave(5, 7)),
                Sample.of(new Pad(1, 0, 3), Literal.wave(5, 7)),
                Sample.of(new Pad(1, 2, 0), Literal.wave(3, 4, 5)));
    }
}
