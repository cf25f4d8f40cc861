package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Affine maps with an activation after each and perhaps a normalization between: the part {@code name.0}, {@code name.1}, … of a
 * model.
 */
record PeerPerceptron(
        String name, int inputs, List<Integer> hidden, PeerActivation activation, PeerNormalization normalization) {
    PeerPerceptron(String name, int inputs, List<Integer> hidden, PeerActivation activation) {
        this(name, inputs, hidden, activation, PeerNormalization.NONE);
    }

    /** How many values the last hidden layer has. */
    int width() {
        return hidden.isEmpty() ? inputs : hidden.getLast();
    }

    void declare(PeerParameters parameters) {
        int before = inputs;
        for (int i = 0; i < hidden.size(); i++) {
            parameters.linear(layer(i), before, hidden.get(i));
            normalization.declare(parameters, norm(i), hidden.get(i));
            before = hidden.get(i);
        }
    }

    /** Declares the hidden layers and one more that leads to the outputs. */
    void declare(PeerParameters parameters, int outputs) {
        declare(parameters);
        parameters.linear(layer(hidden.size()), width(), outputs);
    }

    /** The last hidden layer. */
    Tensor forward(Tensor x, PeerWeights weights) {
        for (int i = 0; i < hidden.size(); i++) {
            x = activation.apply(normalization.apply(weights.linear(x, layer(i)), weights, norm(i)));
        }
        return x;
    }

    /** One more affine map behind the last hidden layer. */
    Tensor outputs(Tensor x, PeerWeights weights) {
        return weights.linear(forward(x, weights), layer(hidden.size()));
    }

    private String norm(int index) {
        return layer(index) + ".norm";
    }

    private String layer(int index) {
        return name + "." + index;
    }
}
