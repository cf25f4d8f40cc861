package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random numbers of some distribution, F32, from a counter alone: they depend on nothing that could have a derivative. */
public sealed interface RandomNumbers extends Stochastic permits RandomUniform, RandomNormal {
    Shape shape();

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Stochastic.requireCounter(this, inputs.get(0));
        return new TensorType(shape(), DType.F32);
    }

    @Override
    default List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf((Value) null);
    }

    @Override
    default @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return null;
    }
}
