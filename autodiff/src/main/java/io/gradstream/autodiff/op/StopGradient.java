package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same value, through which no derivative flows. */
public record StopGradient() implements View {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        return inputs.get(0);
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
        return List.of(Sample.of(new StopGradient(), Literal.wave(5, 7)).valuesOnly());
    }
}
