package io.gradstream.pipeline.progress;

import java.util.Map;

/**
 * How well probabilities match frequencies: {@code calibration} is the mean prediction over the mean label, and
 * {@code calibration_error} the mean distance between the two within 20 equal bins of the prediction (ECE; Naeini, Cooper, Hauskrecht,
 * AAAI 2015).
 */
final class Calibration {
    private static final int BINS = 20;

    private final double[] weights = new double[BINS];
    private final double[] predictions = new double[BINS];
    private final double[] labels = new double[BINS];

    void add(double weight, float probability, boolean label) {
        int bin = Math.clamp((int) (probability * BINS), 0, BINS - 1);
        weights[bin] += weight;
        predictions[bin] += weight * probability;
        if (label) {
            labels[bin] += weight;
        }
    }

    void scale(double factor) {
        Scores.scale(weights, factor);
        Scores.scale(predictions, factor);
        Scores.scale(labels, factor);
    }

    void figures(Figures to) {
        double weight = 0;
        double prediction = 0;
        double label = 0;
        double distance = 0;
        for (int bin = 0; bin < BINS; bin++) {
            weight += weights[bin];
            prediction += predictions[bin];
            label += labels[bin];
            distance += Math.abs(predictions[bin] - labels[bin]);
        }
        to.put("mean_prediction", prediction / weight);
        to.put("mean_label", label / weight);
        to.put("calibration", label == 0 ? Double.NaN : prediction / label);
        to.put("calibration_error", distance / weight);
    }

    void blocks(Map<String, double[]> to) {
        to.put("calibration_weights", weights);
        to.put("calibration_predictions", predictions);
        to.put("calibration_labels", labels);
    }
}
