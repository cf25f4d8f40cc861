package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y[b, ·] = the sum or mean of rows[i, ·] for i from offsets[b] to offsets[b + 1] - 1; zeros for an empty bag. Rows behind
 * the last offset belong to no bag.
 */
public record BagCombine(Combine combine) implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType rows = inputs.get(0);
        Rules.arithmetic(this, rows);
        Rules.rank(this, rows, 2);
        return rows.with(Shape.of(Rules.bags(this, inputs.get(1)), rows.shape().dim(1)));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new BagSpread(combine, at.input(0).shape().dim(0)), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new BagCombine(Combine.SUM), Literal.wave(7, 3), Literal.ids(0, 2, 2, 5)),
                Sample.of(new BagCombine(Combine.MEAN), Literal.wave(7, 3), Literal.ids(0, 2, 2, 5)),
                Sample.of(new BagCombine(Combine.MEAN), Literal.wave(4, 17), Literal.ids(1, 4)));
    }
}
