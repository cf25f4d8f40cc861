package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/** y = x·Wᵀ + b over the last axis, with parameters {@code weight} [outputs, inputs] and {@code bias} [outputs]. */
public record Linear(int outputs) {
    public Tensor forward(Tensor x, Parameters parameters) {
        int inputs = x.shape().dim(x.shape().rank() - 1);
        Initializer initializer = Initializer.Uniform.ofLinear(inputs);
        Tensor weight = parameters.get("weight", Shape.of(outputs, inputs), initializer);
        Tensor bias = parameters.get("bias", Shape.of(outputs), initializer);
        return x.linear(weight, bias);
    }
}
