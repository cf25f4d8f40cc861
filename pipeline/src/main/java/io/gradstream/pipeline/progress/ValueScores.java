package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Scores of a predicted value: r² is the share of the labels' variance that the predictions explain. */
final class ValueScores extends Scores {
    private static final int WEIGHT = 0;
    private static final int SQUARES = 1;
    private static final int MAGNITUDES = 2;
    private static final int LABEL_SQUARES = 3;

    private final double[] sums = new double[4];
    private final double[] labelMean = new double[1];

    @Override
    void score(double weight, MemorySegment labels, int row, MemorySegment predictions, int outputs) {
        double label = labels.getAtIndex(JAVA_FLOAT, row);
        double error = predictions.getAtIndex(JAVA_FLOAT, (long) row * outputs) - label;
        sums[WEIGHT] += weight;
        sums[SQUARES] += weight * error * error;
        sums[MAGNITUDES] += weight * Math.abs(error);
        if (sums[WEIGHT] > 0) {
            double before = label - labelMean[0];
            labelMean[0] += before * weight / sums[WEIGHT];
            sums[LABEL_SQUARES] += weight * before * (label - labelMean[0]);
        }
    }

    @Override
    void scale(double factor) {
        super.scale(factor);
        scale(sums, factor);
    }

    @Override
    void figures(Figures to) {
        to.put("mse", sums[SQUARES] / sums[WEIGHT]);
        to.put("mae", sums[MAGNITUDES] / sums[WEIGHT]);
        to.put("r2", sums[LABEL_SQUARES] == 0 ? Double.NaN : 1 - sums[SQUARES] / sums[LABEL_SQUARES]);
        to.put("mean_label", sums[WEIGHT] == 0 ? Double.NaN : labelMean[0]);
    }

    @Override
    void blocks(Map<String, double[]> to) {
        to.put("values", sums);
        to.put("label_mean", labelMean);
    }
}
