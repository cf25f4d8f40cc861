package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ParameterSpec;

/**
 * The health of one parameter in the last step. The object is reused: its values change with every step. Figures of activations and moments
 * are those of the last step that was inspected ({@link StepSpec#inspectEvery}), and NaN where there was none or where they mean nothing.
 */
public final class LayerReport {
    private final String name;
    private final boolean matrix;
    double gradientNorm;
    double weightNorm;
    double updateRatio;
    double deadUnits = Double.NaN;
    double saturation = Double.NaN;
    double zeroShare = Double.NaN;
    double denormalShare = Double.NaN;
    double momentumCosine = Double.NaN;
    double signalToNoise = Double.NaN;
    double adamShock = Double.NaN;

    LayerReport(ParameterSpec parameter) {
        name = parameter.name();
        matrix = parameter.shape().rank() == 2 && !name.startsWith(ModelInputs.EMBEDDING + ".");
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

    /** The share of units behind this weight whose outputs have been active hardly ever of late. */
    public double deadUnits() {
        return deadUnits;
    }

    /** The share of outputs behind this weight at which the activation's slope is below a twentieth of its steepest. */
    public double saturation() {
        return saturation;
    }

    /** The share of gradient elements that are exactly zero: with FP16 those that underflowed are among them. */
    public double zeroShare() {
        return zeroShare;
    }

    /** The share of gradient elements that are denormal numbers. */
    public double denormalShare() {
        return denormalShare;
    }

    /** g·m / (‖g‖·‖m‖): how the gradient lies to the momentum. */
    public double momentumCosine() {
        return momentumCosine;
    }

    /** The mean of m̂² / v̂ of Adam's moments before the step: 1 when gradients are always the same, 0 when they are all noise. */
    public double signalToNoise() {
        return signalToNoise;
    }

    /** √mean(g² / v̂): how large the gradient is for what Adam expects, 1 being usual. */
    public double adamShock() {
        return adamShock;
    }
}
