package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** A perceptron that narrows and one that mirrors it; the output is the mean squared error of the row it makes again. */
public record PeerAutoencoder(PeerInputs inputs, List<Integer> hidden, PeerActivation activation) implements PeerModel {
    public PeerAutoencoder {
        hidden = List.copyOf(hidden);
    }

    private PeerPerceptron encoder() {
        return new PeerPerceptron("encoder", inputs.width(), hidden, activation);
    }

    private PeerPerceptron decoder() {
        List<Integer> wider = hidden.subList(0, hidden.size() - 1).reversed();
        return new PeerPerceptron("decoder", hidden.getLast(), wider, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        encoder().declare(parameters);
        decoder().declare(parameters, inputs.width());
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        Tensor row = inputs.concatenate(batch, weights);
        Tensor again = decoder().outputs(encoder().forward(row, weights), weights);
        return again.sub(row.detach()).square().mean(new long[] {1}, true, new ScalarTypeOptional());
    }
}
