package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A factorization machine and a network over the same embeddings, added (Guo et al., "DeepFM", 2017). A numeric column is a field whose
 * vector is its value times a row of {@code fm.weight} [numeric columns, dimension]. Further parameters: {@link FirstOrder}'s in
 * {@code fm}, and the network in {@code deep}.
 */
public record DeepFm(List<Integer> hidden, Activation activation) implements Architecture {
    public DeepFm {
        hidden = new Perceptron(hidden, activation).hidden();
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        int dimension = inputs.dimension("deepfm");
        if (inputs.outputs() != 1) {
            throw new IllegalArgumentException("deepfm gives one output: outputs=" + inputs.outputs());
        }
        List<Tensor> fields = new ArrayList<>(inputs.fields(parameters));
        if (inputs.numerics().isPresent()) {
            Tensor values = inputs.numerics().get();
            int columns = values.shape().dim(1);
            Tensor vectors = parameters
                    .in("fm")
                    .get("weight", Shape.of(columns, dimension), Initializer.Normal.ofEmbedding(dimension));
            fields.add(values.reshape(inputs.rows(), columns, 1).multiply(vectors));
        }
        Tensor pairs = new FactorizationMachine().forward(Tensor.concat(1, fields));
        Tensor deep = new Perceptron(hidden, activation)
                .outputs(inputs.concatenate(parameters), inputs, parameters.in("deep"));
        return new FirstOrder().forward(inputs, parameters.in("fm")).add(pairs).add(deep);
    }
}
