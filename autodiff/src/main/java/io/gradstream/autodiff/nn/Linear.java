package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Optional;

/**
 * y = x·Wᵀ + b over the last axis, with W and b named weight [outputs, inputs] and bias [outputs]. Where the parameters have
 * low-rank adapters, it is the adapted layer.
 *
 * @param biases where the first biases come from; none for a layer without
 */
public record Linear(int outputs, Fans weights, Optional<Fans> biases) {
    /** A layer that begins as PyTorch's. */
    public Linear(int outputs) {
        this(outputs, Initializer.Uniform::ofLinear, Optional.of(Initializer.Uniform::ofLinear));
    }

    public Linear {
        if (outputs < 1) {
            throw new IllegalArgumentException("a linear layer must have outputs: outputs=" + outputs);
        }
    }

    /** The same layer with other first weights, and zeros for biases. */
    public Linear weights(Fans first) {
        return new Linear(outputs, first, biases.map(_ -> (inputs, units) -> new Initializer.Constant(0)));
    }

    public Linear withoutBias() {
        return new Linear(outputs, weights, Optional.empty());
    }

    public Tensor forward(Tensor x, Parameters parameters) {
        Shape shape = x.shape();
        int inputs = shape.dim(shape.rank() - 1);
        Tensor weight = parameters.get("weight", Shape.of(outputs, inputs), weights.initializer(inputs, outputs));
        Optional<Tensor> bias =
                biases.map(first -> parameters.get("bias", Shape.of(outputs), first.initializer(inputs, outputs)));
        Tensor rows = shape.rank() == 2 ? x : x.reshape(Math.toIntExact(shape.size() / inputs), inputs);
        Tensor y = parameters
                .lowRank()
                .map(adapter -> adapter.forward(rows, weight, bias, parameters))
                .orElseGet(() -> affine(rows, weight, bias));
        if (shape.rank() == 2) {
            return y;
        }
        int[] dims = shape.dims();
        dims[dims.length - 1] = outputs;
        return y.reshape(dims);
    }

    static Tensor affine(Tensor x, Tensor weight, Optional<Tensor> bias) {
        return bias.map(shift -> x.linear(weight, shift)).orElseGet(() -> x.matmul(false, weight, true));
    }
}
