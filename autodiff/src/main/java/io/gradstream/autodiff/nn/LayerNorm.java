package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/**
 * y = (x − μ) / √(σ² + ε)·weight + bias with mean and variance over the last axis (Ba, Kiros, Hinton, "Layer Normalization", 2016).
 * Parameters: {@code weight} and {@code bias}, as long as that axis.
 */
public record LayerNorm(double epsilon) {
    /** PyTorch's epsilon. */
    public LayerNorm() {
        this(1e-5);
    }

    public Tensor forward(Tensor x, Parameters parameters) {
        int width = x.shape().dim(x.shape().rank() - 1);
        Tensor weight = parameters.get("weight", Shape.of(width), new Initializer.Constant(1));
        Tensor bias = parameters.get("bias", Shape.of(width), new Initializer.Constant(0));
        return x.layerNorm(weight, bias, epsilon);
    }
}
