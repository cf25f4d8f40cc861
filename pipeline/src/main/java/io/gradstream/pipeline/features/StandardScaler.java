package io.gradstream.pipeline.features;

/**
 * The running mean and population variance of a stream of numbers, by Welford's method ("Note on a method for calculating corrected
 * sums of squares and products", Technometrics 1962): mean ← mean + (x − mean)/n and m2 ← m2 + (x − old mean)·(x − new mean), which
 * does not lose digits where Σx² − (Σx)²/n would.
 */
final class StandardScaler {
    double count;
    double mean;
    double m2;

    void learn(double number) {
        count++;
        double before = number - mean;
        mean += before / count;
        m2 += before * (number - mean);
    }

    /** The number in standard deviations from the mean; 0 while all numbers have been the same. */
    double scale(double number) {
        return m2 > 0 ? (number - mean) / Math.sqrt(m2 / count) : 0;
    }
}
