package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A multi-layer perceptron over the concatenated inputs. */
public record PeerMlp(
        PeerInputs inputs,
        List<Integer> hidden,
        PeerActivation activation,
        PeerNormalization normalization,
        int outputs)
        implements PeerModel {
    public PeerMlp {
        hidden = List.copyOf(hidden);
    }

    /** Affine maps and activations alone. */
    public PeerMlp(PeerInputs inputs, List<Integer> hidden, PeerActivation activation, int outputs) {
        this(inputs, hidden, activation, PeerNormalization.NONE, outputs);
    }

    private PeerPerceptron network() {
        return new PeerPerceptron("mlp", inputs.width(), hidden, activation, normalization);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        network().declare(parameters, outputs);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        return network().outputs(inputs.concatenate(batch, weights), weights);
    }
}
