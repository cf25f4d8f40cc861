package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * A linear model that remembers and a network that generalizes, added (Cheng et al., "Wide &amp; Deep Learning for Recommender Systems", 2016).
 * Parameters: those of {@link FirstOrder} in {@code wide}, and the network in {@code deep}.
 */
public record WideDeep(List<Integer> hidden, Activation activation) implements Architecture {
    public WideDeep {
        hidden = new Perceptron(hidden, activation).hidden();
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        Tensor deep = new Perceptron(hidden, activation)
                .outputs(inputs.concatenate(parameters), inputs, parameters.in("deep"));
        return new FirstOrder().forward(inputs, parameters.in("wide")).add(deep);
    }
}
