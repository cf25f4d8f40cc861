package io.gradstream.autodiff.step;

/** The health of one parameter in the last step. The object is reused: its values change with every step. */
public final class LayerReport {
    private final String name;
    double gradientNorm;
    double weightNorm;
    double updateRatio;

    LayerReport(String name) {
        this.name = name;
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
