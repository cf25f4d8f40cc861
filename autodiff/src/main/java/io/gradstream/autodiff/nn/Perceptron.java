package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * Linear layers {@code 0}, {@code 1}, … of the given widths, each followed by a normalization {@code <layer>.norm}, an activation and
 * dropout.
 */
public record Perceptron(List<Integer> hidden, Activation activation, Normalization normalization, double dropout) {
    public Perceptron {
        hidden = List.copyOf(hidden);
        if (hidden.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("hidden layers must have units: hidden=" + hidden);
        }
        dropout = new Dropout(dropout).rate();
    }

    /** Linear layers and activations alone. */
    public Perceptron(List<Integer> hidden, Activation activation) {
        this(hidden, activation, Normalization.NONE, 0);
    }

    /** The last hidden layer. */
    public Tensor forward(Tensor x, ModelInputs inputs, Parameters parameters) {
        for (int layer = 0; layer < hidden.size(); layer++) {
            Parameters own = parameters.in(layer);
            x = new Linear(hidden.get(layer)).forward(x, own);
            x = activation.apply(normalization.apply(x, inputs, own.in("norm")));
            x = parameters.layer(new Dropout(dropout).forward(x, own));
        }
        return x;
    }

    /** One more linear layer behind the last hidden one, which leads to the model's outputs. */
    public Tensor outputs(Tensor x, ModelInputs inputs, Parameters parameters) {
        return new Linear(inputs.outputs()).forward(forward(x, inputs, parameters), parameters.in(hidden.size()));
    }
}
