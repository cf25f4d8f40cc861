package io.gradstream.autodiff.diagnose;

import java.util.Arrays;

/**
 * How the size of gradients changes with depth: the least-squares slope of ln‖g‖ over the layers, first layer first. Gradients that
 * shrink towards the first layer have a positive slope. Where one is 0, all that flows through its layer has vanished.
 *
 * @param slope by how much ln‖g‖ grows from one layer to the next
 * @param ratio the gradient norm of the first layer over that of the last one
 */
public record DepthProfile(double slope, double ratio, Verdict verdict) {

    /** Beyond this ratio between two ends of a network, either learns nothing while the other learns. */
    public static final double LIMIT = 1e3;

    /** What a profile means. */
    public enum Verdict {
        VANISHING,
        HEALTHY,
        EXPLODING
    }

    /** The profile of gradient norms, one per layer from the first to the last. */
    public static DepthProfile of(double... norms) {
        if (norms.length < 2
                || Arrays.stream(norms).anyMatch(norm -> !(norm >= 0 && norm < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException(
                    "a profile needs finite norms of at least two layers: norms=" + Arrays.toString(norms));
        }
        double[] logarithms = Arrays.stream(norms)
                .map(norm -> Math.log(Math.max(norm, Double.MIN_NORMAL)))
                .toArray();
        double middle = (norms.length - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < norms.length; i++) {
            products += (i - middle) * logarithms[i];
            squares += (i - middle) * (i - middle);
        }
        double slope = products / squares;
        boolean dead = Arrays.stream(norms).anyMatch(norm -> norm == 0);
        Verdict verdict = dead ? Verdict.VANISHING : verdict(slope * (norms.length - 1));
        return new DepthProfile(slope, norms[0] / norms[norms.length - 1], verdict);
    }

    private static Verdict verdict(double rise) {
        if (Math.abs(rise) < Math.log(LIMIT)) {
            return Verdict.HEALTHY;
        }
        return rise > 0 ? Verdict.VANISHING : Verdict.EXPLODING;
    }
}
