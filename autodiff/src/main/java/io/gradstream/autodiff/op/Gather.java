package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[…, i, …] = x[…, ids[…, i, …], …] along one axis; ids have the extents of x but along that axis. */
public record Gather(int axis) implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType x = inputs.get(0);
        Rules.arithmetic(this, x);
        Rules.alongAxis(this, x, axis, inputs.get(1));
        return x.with(inputs.get(1).shape());
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Shape shape = at.input(0).shape();
        return Rules.listOf(e.emit(new ScatterAdd(axis, shape.dim(axis)), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(
                        new Gather(1),
                        Literal.wave(2, 3),
                        Literal.ids(2, 0, 2, 1, 0, 0, 1, 1).with(2, 4)),
                Sample.of(
                        new Gather(0),
                        Literal.wave(3, 2),
                        Literal.ids(2, 0, 2, 1).with(2, 2)),
                Sample.of(
                        new Gather(1),
                        Literal.wave(2, 3, 2),
                        Literal.ids(2, 0, 1, 1).with(2, 1, 2)));
    }
}
