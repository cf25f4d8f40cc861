package io.gradstream.pipeline.guard;

import io.gradstream.config.DriftSettings;
import java.util.Optional;

/**
 * The Page-Hinkley test (Page, "Continuous inspection schemes", Biometrika 1954) for a mean that rises: what numbers exceed their running
 * mean by, less a tolerance, is summed, and the sum's rise above its least value must stay under a threshold. After a rise it begins anew.
 */
final class PageHinkley implements DriftDetector {
    private final double delta;
    private final double threshold;
    private final int minimum;
    private final double keep;
    private double count;
    private double mean;
    private double sum;
    private double least;
    private double sinceLeast;
    private double sumSinceLeast;

    PageHinkley(DriftSettings.PageHinkley settings) {
        delta = settings.delta();
        threshold = settings.threshold();
        minimum = settings.minimum();
        keep = settings.keep();
        restart();
    }

    @Override
    public String name() {
        return "page-hinkley";
    }

    @Override
    public Optional<Drift> add(double value) {
        count++;
        mean += (value - mean) / count;
        sum = keep * sum + value - mean - delta;
        sinceLeast++;
        sumSinceLeast += value;
        if (sum < least) {
            least = sum;
            sinceLeast = 0;
            sumSinceLeast = 0;
        }
        if (count < minimum || sum - least <= threshold) {
            return Optional.empty();
        }
        double earlier = count - sinceLeast;
        double before = earlier == 0 ? mean : (mean * count - sumSinceLeast) / earlier;
        Drift drift = new Drift(before, sumSinceLeast / sinceLeast, (long) sinceLeast);
        restart();
        return Optional.of(drift);
    }

    private void restart() {
        restore(0, 0, 0, Double.POSITIVE_INFINITY, 0, 0);
    }

    @Override
    public double[] state() {
        return new double[] {count, mean, sum, least, sinceLeast, sumSinceLeast};
    }

    @Override
    public void restore(double... state) {
        count = state[0];
        mean = state[1];
        sum = state[2];
        least = state[3];
        sinceLeast = state[4];
        sumSinceLeast = state[5];
    }
}
