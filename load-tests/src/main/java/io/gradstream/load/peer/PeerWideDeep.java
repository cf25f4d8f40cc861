package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A linear model and a perceptron, added. */
public record PeerWideDeep(PeerInputs inputs, List<Integer> hidden, PeerActivation activation, int outputs)
        implements PeerModel {
    public PeerWideDeep {
        hidden = List.copyOf(hidden);
    }

    private PeerFirstOrder wide() {
        return new PeerFirstOrder("wide", inputs, outputs);
    }

    private PeerPerceptron deep() {
        return new PeerPerceptron("deep", inputs.width(), hidden, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        wide().declare(parameters);
        deep().declare(parameters, outputs);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        return wide().forward(batch, weights).add(deep().outputs(inputs.concatenate(batch, weights), weights));
    }
}
