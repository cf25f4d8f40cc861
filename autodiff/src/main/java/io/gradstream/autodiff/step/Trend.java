package io.gradstream.autodiff.step;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What gradient health needs to remember from step to step, in double on the host: running norms for the spike score (ZClip, arXiv
 * 2504.02507), the running share of clipped steps, the running parts of the noise scale (arXiv 1812.06162), and the units' running shares of
 * active outputs.
 */
final class Trend {
    static final int PENDING_WEIGHT = 0;
    static final int PENDING_ROWS = 1;

    private static final double KEEP = 0.97;
    private static final int WARM_UP = 25;

    private double steps;
    private double meanNorm;
    private double variance;
    private double clipFraction;
    private double squaredSignal;
    private double noise;
    private double firstSquaredNorm = Double.NaN;
    private double firstWeight;
    private final SortedMap<String, double[]> activity = new TreeMap<>();

    /** For each layer that was inspected the running share of active outputs per unit. */
    SortedMap<String, double[]> activity() {
        return activity;
    }

    /** Remembers what another does. */
    void set(Trend other) {
        if (!activity.isEmpty() || !other.activity.isEmpty()) {
            setActivity(other.activity);
        }
        steps = other.steps;
        meanNorm = other.meanNorm;
        variance = other.variance;
        clipFraction = other.clipFraction;
        squaredSignal = other.squaredSignal;
        noise = other.noise;
        firstSquaredNorm = other.firstSquaredNorm;
        firstWeight = other.firstWeight;
    }

    private void setActivity(SortedMap<String, double[]> others) {
        activity.keySet().retainAll(others.keySet());
        others.forEach((layer, shares) -> {
            double[] own = activity.computeIfAbsent(layer, _ -> new double[shares.length]);
            System.arraycopy(shares, 0, own, 0, shares.length);
        });
    }

    /** The squared norm of the mean gradient of a step's first micro-batch, for the noise scale. */
    void firstMicroBatch(double squaredNorm, double weight) {
        firstSquaredNorm = squaredNorm;
        firstWeight = weight;
    }

    /** Takes a step into account and writes its scores. */
    void step(StepReport report) {
        if (!report.overflow) {
            report.spike =
                    steps < WARM_UP || variance == 0 ? 0 : (report.gradientNorm - meanNorm) / Math.sqrt(variance);
            double keep = Math.min(KEEP, steps / (steps + 1));
            double distance = report.gradientNorm - meanNorm;
            meanNorm += (1 - keep) * distance;
            variance = keep * (variance + (1 - keep) * distance * distance);
            clipFraction = keep * clipFraction + (1 - keep) * (report.clipped ? 1 : 0);
            addNoise(report, keep);
            steps++;
        }
        report.clipFraction = clipFraction;
        report.noiseScale = squaredSignal > 0 ? noise / squaredSignal : Double.NaN;
        firstSquaredNorm = Double.NaN;
    }

    private void addNoise(StepReport report, double keep) {
        double small = firstWeight;
        double large = report.weight;
        if (Double.isNaN(firstSquaredNorm) || large <= small) {
            return;
        }
        double squaredNorm = report.gradientNorm * report.gradientNorm;
        double signal = (large * squaredNorm - small * firstSquaredNorm) / (large - small);
        double spread = (firstSquaredNorm - squaredNorm) / (1 / small - 1 / large);
        squaredSignal = keep * squaredSignal + (1 - keep) * signal;
        noise = keep * noise + (1 - keep) * spread;
    }

    double[] state(double pendingWeight, long pendingRows) {
        return new double[] {
            pendingWeight,
            pendingRows,
            steps,
            meanNorm,
            variance,
            clipFraction,
            squaredSignal,
            noise,
            firstSquaredNorm,
            firstWeight
        };
    }

    void restore(double[] state) {
        if (state.length != state(0, 0).length) {
            throw new IllegalArgumentException("trend must have all its values: values=" + state.length);
        }
        steps = state[2];
        meanNorm = state[3];
        variance = state[4];
        clipFraction = state[5];
        squaredSignal = state[6];
        noise = state[7];
        firstSquaredNorm = state[8];
        firstWeight = state[9];
    }
}
