package io.gradstream.pipeline.progress;

import java.util.Map;

/**
 * How often a classifier is right, and how much of that it owes to a stream that seldom changes.
 *
 * <p>κ = (a − a₀) / (1 − a₀), where a is the share of rows that were right and a₀ the share of rows for which the label of the row
 * before would have been ("Evaluation methods and decision theory for classification of streaming data with temporal dependence",
 * Žliobaitė et al., Machine Learning 2015). Repeating the last label scores 0. The first row has none before it and counts as changed.
 */
final class Agreement {
    private static final int WEIGHT = 0;
    private static final int RIGHT = 1;
    private static final int UNCHANGED = 2;

    private final double[] sums = new double[3];

    /** The label of the row before, plus 1; 0 before the first row. */
    private final double[] last = new double[1];

    void add(double weight, int predicted, int label) {
        sums[WEIGHT] += weight;
        if (predicted == label) {
            sums[RIGHT] += weight;
        }
        if (last[0] == label + 1) {
            sums[UNCHANGED] += weight;
        }
        last[0] = label + 1;
    }

    void scale(double factor) {
        Scores.scale(sums, factor);
    }

    void figures(Figures to) {
        double accuracy = sums[RIGHT] / sums[WEIGHT];
        double unchanged = sums[UNCHANGED] / sums[WEIGHT];
        to.put("accuracy", accuracy);
        to.put("kappa_no_change", (accuracy - unchanged) / (1 - unchanged));
    }

    void blocks(Map<String, double[]> to) {
        to.put("agreement", sums);
        to.put("last_label", last);
    }
}
