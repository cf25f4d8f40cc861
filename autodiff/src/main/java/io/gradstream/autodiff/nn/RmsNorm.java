package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/**
 * y = x / √(mean x² + ε)·weight over the last axis (Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019). Parameter:
 * {@code weight}, as long as that axis.
 */
public record RmsNorm(double epsilon) {
    /** The epsilon that large language models use. */
    public RmsNorm() {
        this(1e-6);
    }

    public Tensor forward(Tensor x, Parameters parameters) {
        int width = x.shape().dim(x.shape().rank() - 1);
        Tensor weight = parameters.get("weight", Shape.of(width), new Initializer.Constant(1));
        return x.rmsNorm(weight, epsilon);
    }
}
