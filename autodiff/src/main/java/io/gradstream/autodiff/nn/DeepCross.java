package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * Cross layers {@code cross.0}, {@code cross.1}, … beside a network {@code deep}, joined by a linear layer {@code output} (Wang et al.,
 * "DCN V2", 2020).
 *
 * @param layers how many cross layers
 * @param hidden the widths of the network beside them; none leaves it out
 */
public record DeepCross(int layers, Cross.Form form, List<Integer> hidden, Activation activation)
        implements Architecture {
    public DeepCross {
        hidden = new Perceptron(hidden, activation).hidden();
        if (layers < 1) {
            throw new IllegalArgumentException("dcn must have cross layers: layers=" + layers);
        }
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        Tensor first = inputs.concatenate(parameters);
        Tensor crossed = first;
        for (int layer = 0; layer < layers; layer++) {
            crossed = parameters.layer(new Cross(form)
                    .forward(first, crossed, parameters.in("cross").in(layer)));
        }
        if (!hidden.isEmpty()) {
            Tensor deep = new Perceptron(hidden, activation).forward(first, inputs, parameters.in("deep"));
            crossed = Tensor.concat(1, List.of(crossed, deep));
        }
        return new io.gradstream.autodiff.nn.Linear(inputs.outputs()).forward(crossed, parameters.in("output"));
    }
}
