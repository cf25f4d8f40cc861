package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** yᵢ = e^xᵢ / Σ e^xⱼ along the last axis, with the row's largest element subtracted first. */
public record Softmax() implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.arithmetic(this, inputs.get(0));
        Rules.rows(this, inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(product(e, at.output(), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : product(e, at.output(), tangent);
    }

    /** (diag y - y·yᵀ)·v = y∘(v - Σ y∘v): the Jacobian is symmetric and costs no more than a row. */
    private static Value product(Emitter e, Value y, Value v) {
        return e.multiply(y, e.subtract(v, e.sumKeeping(e.multiply(y, v), -1)));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Softmax(), Literal.wave(5, 7)),
                Sample.of(new Softmax(), Literal.wave(13)),
                Sample.of(new Softmax(), Literal.of(1e4, -1e4, 9999, 0)).valuesOnly());
    }
}
