package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[i, ·] = table[ids[i], ·]. */
public record Embedding() implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType table = inputs.get(0);
        TensorType ids = inputs.get(1);
        Rules.arithmetic(this, table);
        Rules.rank(this, table, 2);
        Rules.dtype(this, ids, DType.I32);
        Rules.rank(this, ids, 1);
        return table.with(Shape.of(ids.shape().dim(0), table.shape().dim(1)));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new ScatterAddRows(at.input(0).shape().dim(0)), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Embedding(), Literal.wave(4, 3), Literal.ids(2, 0, 2, 3, 2)),
                Sample.of(new Embedding(), Literal.wave(2, 17), Literal.ids(1)));
    }
}
