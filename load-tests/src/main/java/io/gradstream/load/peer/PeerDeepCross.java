package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Cross layers beside a perceptron, joined by an affine map. */
public record PeerDeepCross(
        PeerInputs inputs, int layers, Form form, List<Integer> hidden, PeerActivation activation, int outputs)
        implements PeerModel {
    public PeerDeepCross {
        hidden = List.copyOf(hidden);
    }

    /** How a cross layer weighs its input. */
    public enum Form {
        /** x₀·(w·x) + b + x. */
        VECTOR,
        /** x₀∘(W·x + b) + x. */
        MATRIX
    }

    private PeerPerceptron deep() {
        return new PeerPerceptron("deep", inputs.width(), hidden, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        int width = inputs.width();
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        for (int i = 0; i < layers; i++) {
            switch (form) {
                case VECTOR ->
                    parameters.trained(layer(i) + ".weight", 1, width).trained(layer(i) + ".bias", width);
                case MATRIX -> parameters.linear(layer(i), width, width);
            }
        }
        deep().declare(parameters);
        int joined = hidden.isEmpty() ? width : width + deep().width();
        return parameters.linear("output", joined, outputs).declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        Tensor first = inputs.concatenate(batch, weights);
        Tensor x = first;
        for (int i = 0; i < layers; i++) {
            x = switch (form) {
                case VECTOR ->
                    first.mul(torch.linear(x, weights.get(layer(i) + ".weight")))
                            .add(weights.get(layer(i) + ".bias"))
                            .add(x);
                case MATRIX -> first.mul(weights.linear(x, layer(i))).add(x);
            };
        }
        if (!hidden.isEmpty()) {
            x = torch.cat(new TensorVector(x, deep().forward(first, weights)), 1);
        }
        return weights.linear(x, "output");
    }

    private static String layer(int index) {
        return "cross." + index;
    }
}
