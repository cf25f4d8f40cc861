package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays one after the other along one axis. */
public record Concat(int axis) implements Movement {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.require(!inputs.isEmpty(), this, "needs an operand", "operands=0");
        TensorType first = inputs.get(0);
        Rules.require(
                axis >= 0 && axis < first.shape().rank(), this, "needs an axis within the rank", "operands=" + inputs);
        int length = 0;
        for (TensorType input : inputs) {
            Rules.require(
                    input.shape().rank() == first.shape().rank()
                            && input.with(input.shape().with(axis, 1))
                                    .equals(first.with(first.shape().with(axis, 1))),
                    this,
                    "needs operands that differ only along axis " + axis,
                    "operands=" + inputs);
            length += input.shape().dim(axis);
        }
        return first.with(first.shape().with(axis, length));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        List<@Nullable Value> parts = new ArrayList<>();
        int from = 0;
        for (Value input : at.inputs()) {
            int to = from + input.shape().dim(axis);
            parts.add(e.emit(new Slice(axis, from, to), cotangent));
            from = to;
        }
        return parts;
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value[] parts = new Value[tangents.size()];
        boolean none = true;
        for (int i = 0; i < parts.length; i++) {
            Value tangent = tangents.get(i);
            none &= tangent == null;
            parts[i] = tangent == null ? e.zeros(at.input(i)) : tangent;
        }
        return none ? null : e.emit(this, parts);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Concat(0), Literal.wave(2, 7), Literal.ripple(3, 7)),
                Sample.of(new Concat(1), Literal.wave(5, 2), Literal.ripple(5, 1), Literal.positive(5, 4)),
                Sample.of(new Concat(1), Literal.wave(3, 1, 5), Literal.ripple(3, 2, 5)));
    }
}
