package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** Linear layers {@code 0}, {@code 1}, … of the given widths with an activation after each. */
public record Perceptron(List<Integer> hidden, Activation activation) {
    public Perceptron {
        hidden = List.copyOf(hidden);
        if (hidden.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("hidden layers must have units: hidden=" + hidden);
        }
    }

    /** The last hidden layer. */
    public Tensor forward(Tensor x, Parameters parameters) {
        for (int layer = 0; layer < hidden.size(); layer++) {
            x = activation.apply(new Linear(hidden.get(layer)).forward(x, parameters.in(layer)));
        }
        return x;
    }

    /** One more linear layer behind the last hidden one, without an activation. */
    public Tensor forward(Tensor x, int outputs, Parameters parameters) {
        return new Linear(outputs).forward(forward(x, parameters), parameters.in(hidden.size()));
    }
}
