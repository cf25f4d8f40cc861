package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link TransformerBlock}s over every sequence column, {@code transformer.<column>.<layer>}, of which the newest item stands for the
 * sequence, beside the other columns before a network {@code mlp}. Items know their place by {@code transformer.<column>.position} [length,
 * dimension]; {@code transformer.<column>.norm} is behind the last block.
 */
public record TransformerModel(
        int layers, int heads, int feedForward, double dropout, List<Integer> hidden, Activation activation)
        implements Architecture {
    public TransformerModel {
        hidden = new Perceptron(hidden, activation).hidden();
        if (layers < 1 || heads < 1 || feedForward < 1) {
            throw new IllegalArgumentException("transformer must have layers, heads and units: layers=" + layers
                    + " heads=" + heads + " feedForward=" + feedForward);
        }
        dropout = new Dropout(dropout).rate();
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        List<Tensor> parts = new ArrayList<>();
        for (InputColumn.Sequence column : inputs.sequences("transformer")) {
            parts.add(newest(column, inputs, parameters));
        }
        Optional<Tensor> others = inputs.concatenateOthers(parameters);
        others.ifPresent(parts::add);
        Tensor joined = parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
        return new Perceptron(hidden, activation).outputs(joined, inputs, parameters.in("mlp"));
    }

    /** What the newest item has become; zeros for an empty list. */
    private Tensor newest(InputColumn.Sequence column, ModelInputs inputs, Parameters parameters) {
        int dimension = column.dimension();
        Items items = inputs.items(column, parameters);
        Parameters own = parameters.in("transformer").in(column.name());
        Tensor x = items.vectors()
                .add(own.get(
                        "position", Shape.of(column.length(), dimension), Initializer.Normal.ofEmbedding(dimension)));
        TransformerBlock block = new TransformerBlock(
                heads, feedForward, Activation.GELU, dropout, TransformerBlock.Order.PRE_NORM, false, layers);
        for (int layer = 0; layer < layers; layer++) {
            x = own.layer(block.forward(x, Optional.of(items.lengths()), own.in(layer)));
        }
        return new LayerNorm().forward(items.newest(x), own.in("norm")).multiply(items.any());
    }
}
