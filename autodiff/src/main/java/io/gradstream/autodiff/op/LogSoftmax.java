package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** yᵢ = xᵢ - ln Σ e^xⱼ along the last axis, with the row's largest element subtracted first. */
public record LogSoftmax() implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.arithmetic(this, inputs.get(0));
        Rules.rows(this, inputs.get(0));
        return inputs.get(0);
    }

    /** x̄ = ȳ - softmax(x)·Σ ȳ. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.subtract(cotangent, e.multiply(e.exp(at.output()), e.sumKeeping(cotangent, -1))));
    }

    /** ẏ = ẋ - Σ softmax(x)∘ẋ. */
    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.subtract(tangent, e.sumKeeping(e.multiply(e.exp(at.output()), tangent), -1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new LogSoftmax(), Literal.wave(5, 7)),
                Sample.of(new LogSoftmax(), Literal.wave(13)),
                Sample.of(new LogSoftmax(), Literal.of(1e4, -1e4, 9999, 0)).valuesOnly());
    }
}
