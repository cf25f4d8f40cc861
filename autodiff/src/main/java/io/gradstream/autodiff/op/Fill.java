package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** Every element becomes one number, whatever it was before (also NaN). */
public record Fill(double value) implements InPlace {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        return inputs.get(0);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Fill(0), Literal.of(1, Double.NaN, Double.POSITIVE_INFINITY)),
                Sample.of(new Fill(0.25), Literal.wave(207)));
    }
}
