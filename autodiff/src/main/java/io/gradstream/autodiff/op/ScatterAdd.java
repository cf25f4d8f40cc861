package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y[…, ids[…, i, …], …] = Σ updates[…, i, …] along one axis of the given extent, added in ascending order of i and zero where nothing is: the
 * transpose of {@link Gather}.
 */
public record ScatterAdd(int axis, int extent) implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType updates = inputs.get(0);
        Rules.arithmetic(this, updates);
        Rules.alongAxis(this, updates, axis, inputs.get(1));
        Rules.require(
                updates.shape().equals(inputs.get(1).shape()),
                this,
                "needs a number for every update",
                "operands=" + inputs);
        return updates.with(updates.shape().with(axis, extent));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new Gather(axis), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(
                        new ScatterAdd(1, 3),
                        Literal.wave(2, 4),
                        Literal.ids(2, 0, 2, 1, 0, 0, 1, 1).with(2, 4)),
                Sample.of(
                        new ScatterAdd(0, 5),
                        Literal.wave(2, 2),
                        Literal.ids(2, 0, 2, 1).with(2, 2)),
                Sample.of(
                        new ScatterAdd(1, 3),
                        Literal.wave(2, 1, 2),
                        Literal.ids(2, 0, 1, 1).with(2, 1, 2)));
    }
}
