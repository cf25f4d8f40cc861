package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * A network that has to describe a row by few numbers and to make the row again from them: {@code encoder} narrows, {@code decoder} mirrors
 * it. Its only output is how badly that went, the mean of the squared differences: it is loss and anomaly score at once, and no label is
 * needed. Embeddings are what they are: no derivative flows through the row that is to be made again, so that they cannot shrink to please.
 *
 * @param hidden the widths from the inputs to the narrowest layer
 */
public record Autoencoder(List<Integer> hidden, Activation activation) implements Architecture {
    public Autoencoder {
        hidden = new Perceptron(hidden, activation).hidden();
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("autoencoder must have a layer in its middle: hidden=[]");
        }
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        Tensor row = inputs.concatenate(parameters);
        Tensor code = new Perceptron(hidden, activation).forward(row, inputs, parameters.in("encoder"));
        List<Integer> wider = hidden.subList(0, hidden.size() - 1).reversed();
        Tensor hiddenAgain = new Perceptron(wider, activation).forward(code, inputs, parameters.in("decoder"));
        Tensor again = new io.gradstream.autodiff.nn.Linear(row.shape().dim(1))
                .forward(hiddenAgain, parameters.in("decoder").in(wider.size()));
        return again.subtract(row.stopGradient())
                .square()
                .sumKeeping(1)
                .divide(row.shape().dim(1));
    }
}
