package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's GRU over every sequence column, whose state behind the newest item stands beside the other columns before a perceptron. */
public record PeerGru(PeerInputs inputs, int units, List<Integer> hidden, PeerActivation activation, int outputs)
        implements PeerModel {
    private static final int GATES = 3;

    public PeerGru {
        hidden = List.copyOf(hidden);
    }

    private PeerPerceptron network() {
        int sequences = inputs.sequences().size();
        int others = inputs.width()
                - inputs.sequences().stream().mapToInt(PeerInput::width).sum();
        return new PeerPerceptron("mlp", sequences * units + others, hidden, activation);
    }

    @Override
    public List<PeerParameter> parameters() {
        PeerParameters parameters = new PeerParameters();
        inputs.declare(parameters);
        for (PeerInput.Sequence column : inputs.sequences()) {
            parameters
                    .linear(name(column) + ".input", column.width(), (long) GATES * units)
                    .linear(name(column) + ".hidden", units, (long) GATES * units);
        }
        network().declare(parameters, outputs);
        return parameters.declared();
    }

    @Override
    public Tensor forward(PeerBatch batch, PeerWeights weights) {
        TensorVector parts = new TensorVector();
        for (PeerInput.Sequence column : inputs.sequences()) {
            PeerSequence sequence = inputs.sequence(column, batch);
            Tensor states = states(name(column), inputs.items(column, batch, weights), weights);
            parts.push_back(sequence.whereAny(sequence.newest(states)));
        }
        inputs.concatenateOthers(batch, weights).ifPresent(parts::push_back);
        return network().outputs(parts.size() == 1 ? parts.get(0) : torch.cat(parts, 1), weights);
    }

    private Tensor states(String name, Tensor x, PeerWeights weights) {
        Tensor start = torch.zeros(new long[] {1, x.size(0), units}, x.options());
        TensorVector parameters = new TensorVector(
                weights.get(name + ".input.weight"),
                weights.get(name + ".hidden.weight"),
                weights.get(name + ".input.bias"),
                weights.get(name + ".hidden.bias"));
        return torch.gru(x, start, parameters, true, 1, 0, false, false, true).get0();
    }

    private static String name(PeerInput.Sequence column) {
        return "gru." + column.name();
    }
}
