package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.ParameterSpec;

/** The health of one parameter in the last step. The object is reused: its values change with every step. */
public final class LayerReport {
    private final String name;
    private final boolean matrix;
    double gradientNorm;
    double weightNorm;
    double updateRatio;

    LayerReport(ParameterSpec parameter) {
        name = parameter.name();
        matrix = parameter.shape().rank() == 2 && !name.startsWith("embedding.");
    }

    /** Whether this is a matrix that a layer multiplies by, which counts for depth; tables of embeddings lie side by side. */
    boolean isMatrix() {
        return matrix;
    }

    public String name() {
        return name;
    }

    /** √Σg² of the mean gradient, before clipping. */
    public double gradientNorm() {
        return gradientNorm;
    }

    /** √Σw² after the step. */
    public double weightNorm() {
        return weightNorm;
    }

    /** ‖Δw‖ / ‖w‖: healthy around a thousandth; 0 when the step was skipped. */
    public double updateRatio() {
        return updateRatio;
    }
}
