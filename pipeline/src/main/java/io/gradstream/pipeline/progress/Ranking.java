package io.gradstream.pipeline.progress;

import java.util.Map;

/**
 * The area under the ROC curve of a stream: the chance that a random yes has a higher probability than a random no, ties counting
 * half.
 *
 * <p>Probabilities fall into 4096 fixed bins, those of a bin count as ties. Bins are narrow where click models live: from 2⁻¹⁷ on to
 * one half each octave of p has 128 bins, and so has each octave of 1 − p on the other side, which makes a bin less than 0.8 % as wide
 * as its distance from the nearer end. All below 2⁻¹⁷ share a bin, and all above 1 − 2⁻¹⁷. The error is at most half the share of
 * yes-no pairs that share a bin, which is reported as {@code auc_error}.
 */
final class Ranking {
    static final int BINS = 4096;

    private static final int HALF = BINS / 2;
    private static final int MANTISSA_BITS = 23;
    private static final int OCTAVE_BITS = 7;
    private static final int FIRST_EXPONENT = Float.MAX_EXPONENT - 17;

    private final double[] yes = new double[BINS];
    private final double[] no = new double[BINS];

    void add(double weight, float probability, boolean label) {
        (label ? yes : no)[bin(probability)] += weight;
    }

    static int bin(float probability) {
        return probability < 0.5f ? binBelowHalf(probability) : BINS - 1 - binBelowHalf(1 - probability);
    }

    private static int binBelowHalf(float probability) {
        int bin = (Float.floatToRawIntBits(probability) >> (MANTISSA_BITS - OCTAVE_BITS))
                - (FIRST_EXPONENT << OCTAVE_BITS);
        return Math.clamp(bin, 0, HALF - 1);
    }

    void scale(double factor) {
        Scores.scale(yes, factor);
        Scores.scale(no, factor);
    }

    void figures(Figures to) {
        double won = 0;
        double tied = 0;
        double yesSum = 0;
        double noSum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            won += yes[bin] * noSum;
            tied += yes[bin] * no[bin];
            yesSum += yes[bin];
            noSum += no[bin];
        }
        double pairs = yesSum * noSum;
        to.put("auc", (won + tied / 2) / pairs);
        to.put("auc_error", tied / 2 / pairs);
    }

    void blocks(Map<String, double[]> to) {
        to.put("ranking_yes", yes);
        to.put("ranking_no", no);
    }
}
