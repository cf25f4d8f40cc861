package io.gradstream.load.peer;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Encoder layers over every sequence column, whose newest item stands beside the other columns before a perceptron. */
public record PeerTransformer(
        PeerInputs inputs,
        int layers,
        int heads,
        int feedForward,
        List<Integer> hidden,
        PeerActivation activation,
        int outputs)
        implements PeerModel {
    public PeerTransformer {
        hidden = List.copyOf(hidden);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        for (PeerInput.Sequence column : inputs.sequences()) {
            parameters.trained(name(column) + ".position", column.length(), column.width());
            blocks(column).forEach(block -> block.declare(parameters));
            parameters.norm(name(column) + ".norm", column.width());
        }
        network().declare(parameters, outputs);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        TensorVector parts = new TensorVector();
        for (PeerInput.Sequence column : inputs.sequences()) {
            parts.push_back(newest(column, batch, weights));
        }
        inputs.concatenateOthers(batch, weights).ifPresent(parts::push_back);
        Tensor joined = parts.size() == 1 ? parts.get(0) : torch.cat(parts, 1);
        return network().outputs(joined, weights);
    }

    private Tensor newest(PeerInput.Sequence column, PeerBatch batch, PeerWeights weights) {
        PeerSequence sequence = inputs.sequence(column, batch);
        Tensor x = inputs.items(column, batch, weights).add(weights.get(name(column) + ".position"));
        Optional<Tensor> visible = sequence.full() ? Optional.empty() : Optional.of(sequence.visible());
        for (PeerTransformerBlock block : blocks(column)) {
            x = block.forward(x, visible, weights);
        }
        return sequence.whereAny(weights.layerNorm(sequence.newest(x), name(column) + ".norm"));
    }

    private List<PeerTransformerBlock> blocks(PeerInput.Sequence column) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> new PeerTransformerBlock(
                        name(column) + "." + layer, column.width(), heads, feedForward, PeerActivation.GELU))
                .toList();
    }

    private PeerPerceptron network() {
        return new PeerPerceptron("mlp", inputs.width(), hidden, activation);
    }

    private static String name(PeerInput.Sequence column) {
        return "transformer." + column.name();
    }
}
