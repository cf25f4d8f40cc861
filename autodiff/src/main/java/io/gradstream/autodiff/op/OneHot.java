package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[i, classes[i]] = 1, everything else 0. */
public record OneHot(int classes, DType dtype) implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.dtype(this, inputs.get(0), DType.I32);
        Rules.rank(this, inputs.get(0), 1);
        return new TensorType(Shape.of(inputs.get(0).shape().dim(0), classes), dtype);
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
                Sample.of(new OneHot(4, DType.F32), Literal.ids(3, 0, 2, 2, 1)).valuesOnly());
    }
}
