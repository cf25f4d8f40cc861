package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One affine map of the concatenated inputs. */
public record PeerLinear(PeerInputs inputs, int outputs) implements PeerModel {
    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        return parameters.linear("linear", inputs.width(), outputs).declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        return weights.linear(inputs.concatenate(batch, weights), "linear");
    }
}
