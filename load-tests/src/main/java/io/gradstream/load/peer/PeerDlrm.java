package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A perceptron over the numbers, the dot products of all pairs of it and the embeddings, and a perceptron over both. */
public record PeerDlrm(
        PeerInputs inputs, List<Integer> bottom, List<Integer> hidden, PeerActivation activation, int outputs)
        implements PeerModel {
    public PeerDlrm {
        bottom = List.copyOf(bottom);
        hidden = List.copyOf(hidden);
    }

    private boolean hasNumbers() {
        return inputs.denseColumns() > 0;
    }

    private int width() {
        return inputs.ids().getFirst().width();
    }

    private int fields() {
        return inputs.ids().size() + (hasNumbers() ? 1 : 0);
    }

    private PeerPerceptron bottomNetwork() {
        List<Integer> widths = new ArrayList<>(bottom);
        widths.add(width());
        return new PeerPerceptron("bottom", inputs.denseColumns(), widths, activation);
    }

    private PeerPerceptron topNetwork() {
        int pairs = fields() * (fields() - 1) / 2;
        return new PeerPerceptron("top", pairs + (hasNumbers() ? width() : 0), hidden, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        if (hasNumbers()) {
            bottomNetwork().declare(parameters);
        }
        topNetwork().declare(parameters, outputs);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        TensorVector fields = new TensorVector();
        TensorVector parts = new TensorVector();
        if (hasNumbers()) {
            Tensor numbers = bottomNetwork().forward(batch.dense(), weights);
            fields.push_back(numbers);
            parts.push_back(numbers);
        }
        inputs.ids().forEach(column -> fields.push_back(inputs.embedded(column, batch, weights)));
        parts.push_back(pairs(torch.stack(fields, 1)));
        return topNetwork().outputs(torch.cat(parts, 1), weights);
    }

    /** The products below the diagonal, row by row, as the paper's program takes them. */
    private Tensor pairs(Tensor fields) {
        long count = fields();
        long[] below = LongStream.range(0, count)
                .flatMap(row -> LongStream.range(0, row).map(column -> row * count + column))
                .toArray();
        return fields.bmm(fields.transpose(1, 2)).flatten(1, 2).index_select(1, PeerBatch.tensor(below));
    }
}
