package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Scores of rows without labels: mean and deviation of the anomaly score, from which consumers choose a threshold. */
final class AnomalyScores extends Scores {
    private static final int WEIGHT = 0;
    private static final int SQUARES = 1;

    private final double[] sums = new double[2];
    private final double[] mean = new double[1];

    @Override
    void score(double weight, MemorySegment labels, int row, MemorySegment predictions, int outputs) {
        double score = predictions.getAtIndex(JAVA_FLOAT, (long) row * outputs);
        sums[WEIGHT] += weight;
        if (sums[WEIGHT] > 0) {
            double before = score - mean[0];
            mean[0] += before * weight / sums[WEIGHT];
            sums[SQUARES] += weight * before * (score - mean[0]);
        }
    }

    @Override
    void scale(double factor) {
        super.scale(factor);
        scale(sums, factor);
    }

    @Override
    void figures(Figures to) {
        to.put("anomaly_mean", sums[WEIGHT] == 0 ? Double.NaN : mean[0]);
        to.put("anomaly_deviation", Math.sqrt(sums[SQUARES] / sums[WEIGHT]));
    }

    @Override
    void blocks(Map<String, double[]> to) {
        to.put("anomalies", sums);
        to.put("anomaly_mean", mean);
    }
}
