package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A linear model, the products of all pairs of fields by the square of their sum, and a perceptron, added. */
public record PeerDeepFm(PeerInputs inputs, List<Integer> hidden, PeerActivation activation) implements PeerModel {
    private static final int OUTPUTS = 1;
    private static final String NUMERIC = "fm.weight";

    public PeerDeepFm {
        hidden = List.copyOf(hidden);
    }

    private PeerFirstOrder linear() {
        return new PeerFirstOrder("fm", inputs, OUTPUTS);
    }

    private PeerPerceptron deep() {
        return new PeerPerceptron("deep", inputs.width(), hidden, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        linear().declare(parameters);
        if (inputs.denseColumns() > 0) {
            parameters.trained(
                    NUMERIC, inputs.denseColumns(), inputs.ids().getFirst().width());
        }
        deep().declare(parameters, OUTPUTS);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        return linear().forward(batch, weights)
                .add(pairs(fields(batch, weights)))
                .add(deep().outputs(inputs.concatenate(batch, weights), weights));
    }

    private Tensor fields(PeerBatch batch, PeerWeights weights) {
        TensorVector fields = new TensorVector();
        inputs.ids()
                .forEach(column ->
                        fields.push_back(inputs.embedded(column, batch, weights).unsqueeze(1)));
        if (inputs.denseColumns() > 0) {
            fields.push_back(batch.dense().unsqueeze(2).mul(weights.get(NUMERIC)));
        }
        return torch.cat(fields, 1);
    }

    private static Tensor pairs(Tensor fields) {
        return fields.sum(1)
                .square()
                .sub(fields.square().sum(1))
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .mul(new Scalar(0.5));
    }
}
