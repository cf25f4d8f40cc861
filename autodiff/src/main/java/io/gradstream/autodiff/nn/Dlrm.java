package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Embeddings and a network over the numeric columns, {@code bottom}, which interact by their dot products before a network over all of it,
 * {@code top} (Naumov et al., "Deep Learning Recommendation Model", 2019).
 *
 * @param bottom the widths before the last layer of the bottom network, which has the embeddings' dimension
 * @param hidden the widths of the top network
 */
public record Dlrm(List<Integer> bottom, List<Integer> hidden, Activation activation) implements Architecture {
    public Dlrm {
        bottom = new Perceptron(bottom, activation).hidden();
        hidden = new Perceptron(hidden, activation).hidden();
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        int dimension = inputs.dimension("dlrm");
        List<Tensor> fields = new ArrayList<>(inputs.fields(parameters));
        List<Tensor> parts = new ArrayList<>();
        if (inputs.numerics().isPresent()) {
            List<Integer> widths = new ArrayList<>(bottom);
            widths.add(dimension);
            Tensor dense = new Perceptron(widths, activation)
                    .forward(inputs.numerics().get(), inputs, parameters.in("bottom"));
            parts.add(dense);
            fields.addFirst(dense.reshape(inputs.rows(), 1, dimension));
        }
        if (fields.size() < 2) {
            throw new IllegalArgumentException("dlrm needs two fields that interact: fields=" + fields.size());
        }
        parts.add(new DotInteraction().forward(Tensor.concat(1, fields)));
        Tensor top = parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
        return new Perceptron(hidden, activation).outputs(top, inputs, parameters.in("top"));
    }
}
