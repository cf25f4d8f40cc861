package io.gradstream.autodiff.step;

import io.gradstream.autodiff.diagnose.DepthProfile;
import java.util.List;
import java.util.Optional;

/** What the last step did. The object is reused: its values change with every step. */
public final class StepReport {
    private final List<LayerReport> layers;
    long step;
    double loss;
    long rows;
    double weight;
    double gradientNorm;
    double clippedNorm;
    boolean clipped;
    boolean overflow;
    double lossScale;
    long skippedSteps;
    double clipFraction;
    double spike;
    double noiseScale;

    StepReport(List<LayerReport> layers) {
        this.layers = List.copyOf(layers);
    }

    /** How many steps were taken, this one and skipped ones included. */
    public long step() {
        return step;
    }

    /** The weighted mean loss over the rows of the step. */
    public double loss() {
        return loss;
    }

    public long rows() {
        return rows;
    }

    /** The sum of the weights of the rows of the step. */
    public double weight() {
        return weight;
    }

    /** √Σg² over all parameters, before clipping; not finite when the step overflowed. */
    public double gradientNorm() {
        return gradientNorm;
    }

    public double clippedNorm() {
        return clippedNorm;
    }

    public boolean clipped() {
        return clipped;
    }

    /**
     * Whether a gradient or the loss was not finite, so that the optimizer left everything as it was: also finite gradients of an infinite
     * loss are those of rows that would spoil the moments.
     */
    public boolean overflow() {
        return overflow;
    }

    /** The loss scale with which the step was computed; 1 unless training in FP16. */
    public double lossScale() {
        return lossScale;
    }

    /** How many steps were skipped because of overflow since training began. */
    public long skippedSteps() {
        return skippedSteps;
    }

    /** The running share of steps that were clipped. */
    public double clipFraction() {
        return clipFraction;
    }

    /** How many deviations the gradient norm lies above its running mean (ZClip); 0 while there is too little to compare with. */
    public double spike() {
        return spike;
    }

    /** The batch size at which noise and signal of the gradient are equal (arXiv 1812.06162); NaN unless steps have several micro-batches. */
    public double noiseScale() {
        return noiseScale;
    }

    /** How gradients changed from the first layer to the last, by the matrices that layers multiply by; empty unless there are two. */
    public Optional<DepthProfile> depthProfile() {
        double[] norms = layers.stream()
                .filter(layer -> layer.isMatrix() && Double.isFinite(layer.gradientNorm()))
                .mapToDouble(LayerReport::gradientNorm)
                .toArray();
        return norms.length < 2 ? Optional.empty() : Optional.of(DepthProfile.of(norms));
    }

    /** One entry per parameter, in the order of the model. */
    public List<LayerReport> layers() {
        return layers;
    }

    LayerReport layer(String name) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).name().equals(name)) {
                return layers.get(i);
            }
        }
        throw new IllegalArgumentException("layer must be trained: name=" + name);
    }
}
