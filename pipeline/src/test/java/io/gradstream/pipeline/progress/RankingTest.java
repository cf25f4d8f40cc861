package io.gradstream.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, -3, -7, 4})
    void isTheAreaUnderTheCurveUpToItsOwnError(double meanLogit) {
        Random random = new Random(7);
        int rows = 2000;
        float[] probabilities = new float[rows];
        boolean[] labels = new boolean[rows];
        Ranking ranking = new Ranking();
        for (int i = 0; i < rows; i++) {
            double logit = meanLogit + random.nextGaussian();
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) || i == 0;
            probabilities[i] = (float) (1 / (1 + Math.exp(-logit - random.nextGaussian())));
            ranking.add(1, probabilities[i], labels[i]);
        }
        Map<String, Double> figures = figures(ranking);
        double error = figures.getOrDefault("auc_error", Double.NaN);
        assertThat(figures.get("auc")).isCloseTo(bruteForce(probabilities, labels), within(error));
        assertThat(error).isLessThan(0.002);
    }

    private static double bruteForce(float[] probabilities, boolean[] labels) {
        double won = 0;
        long pairs = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels.length; j++) {
                if (labels[i] && !labels[j]) {
                    pairs++;
                    won += Float.compare(probabilities[i], probabilities[j]) > 0
                            ? 1
                            : probabilities[i] == probabilities[j] ? 0.5 : 0;
                }
            }
        }
        return won / pairs;
    }

    @Test
    void countsPairsByTheProductOfTheirWeights() {
        Ranking ranking = new Ranking();
        ranking.add(2, 0.9f, true);
        ranking.add(1, 0.1f, true);
        ranking.add(3, 0.5f, false);
        ranking.add(1, 0.05f, false);
        assertThat(figures(ranking)).containsEntry("auc", (2 * 3 + 2 * 1 + 1 * 1) / 12.0);
    }

    @Test
    void isUnknownWithOneClass() {
        Ranking ranking = new Ranking();
        ranking.add(1, 0.9f, true);
        assertThat(figures(ranking).get("auc")).isNaN();
    }

    @Test
    void ordersBinsAsProbabilities() {
        int last = 0;
        for (float p = 0; p <= 1; p = Math.nextUp(p + p * 1e-4f + 1e-7f)) {
            int bin = Ranking.bin(p);
            assertThat(bin).isBetween(last, Ranking.BINS - 1);
            last = bin;
        }
        assertThat(Ranking.bin(0)).isZero();
        assertThat(Ranking.bin(1)).isEqualTo(Ranking.BINS - 1);
        assertThat(Ranking.bin(0.5f)).isEqualTo(Ranking.BINS / 2);
        assertThat(Ranking.bin(Math.nextDown(0.5f))).isEqualTo(Ranking.BINS / 2 - 1);
    }

    @Test
    void tellsProbabilitiesApartThatDifferByOnePercent() {
        for (double p = 0x1p-16; p < 0.49; p *= 1.01) {
            assertThat(Ranking.bin((float) (p * 1.01))).as("p=%s", p).isGreaterThan(Ranking.bin((float) p));
            assertThat(Ranking.bin((float) (1 - p * 1.01))).as("1-p=%s", p).isLessThanOrEqualTo(Ranking.bin((float)
                    (1 - p)));
        }
    }

    private static Map<String, Double> figures(Ranking ranking) {
        Map<String, Double> figures = new HashMap<>();
        ranking.figures(figures::put);
        return figures;
    }
}
