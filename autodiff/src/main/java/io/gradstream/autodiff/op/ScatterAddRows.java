package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[r, ·] = Σ updates[i, ·] over all i with ids[i] = r, added in ascending order of i, for r below a number of rows. */
public record ScatterAddRows(int rows) implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType updates = inputs.get(0);
        Rules.arithmetic(this, updates);
        Rules.rank(this, updates, 2);
        Rules.type(
                this,
                "ids",
                inputs.get(1),
                TensorType.of(DType.I32, updates.shape().dim(0)));
        return updates.with(Shape.of(rows, updates.shape().dim(1)));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new Embedding(), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new ScatterAddRows(4), Literal.wave(5, 3), Literal.ids(2, 0, 2, 3, 2)),
                Sample.of(new ScatterAddRows(2), Literal.wave(1, 17), Literal.ids(1)));
    }
}
