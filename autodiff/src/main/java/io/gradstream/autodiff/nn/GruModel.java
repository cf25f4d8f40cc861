package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Gru} per sequence column, {@code gru.<column>}, whose last state stands beside the other columns before a network {@code mlp}.
 *
 * @param truncation where back-propagation through time is cut
 */
public record GruModel(int units, Truncation truncation, List<Integer> hidden, Activation activation)
        implements Architecture {
    public GruModel {
        hidden = new Perceptron(hidden, activation).hidden();
        if (units < 1) {
            throw new IllegalArgumentException("gru must have units: units=" + units);
        }
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        List<Tensor> parts = new ArrayList<>();
        for (InputColumn.Sequence column : inputs.sequences("gru")) {
            Items items = inputs.items(column, parameters);
            parts.add(new Gru(units)
                    .forward(
                            items.vectors(),
                            items.mask(),
                            truncation,
                            parameters.in("gru").in(column.name()))
                    .getLast());
        }
        Optional<Tensor> others = inputs.concatenateOthers(parameters);
        others.ifPresent(parts::add);
        Tensor joined = parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
        return new Perceptron(hidden, activation).outputs(joined, inputs, parameters.in("mlp"));
    }
}
