package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** target += source. */
public record Accumulate() implements InPlace {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.arithmetic(this, inputs.get(0));
        Rules.type(this, "source", inputs.get(1), inputs.get(0));
        return inputs.get(0);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Accumulate(), Literal.wave(13), Literal.ripple(13)),
                Sample.of(new Accumulate(), Literal.wave(5, 7), Literal.ripple(5, 7)));
    }
}
