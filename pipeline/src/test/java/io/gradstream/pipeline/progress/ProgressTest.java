package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.LossType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final ModelSpec MODEL =
            new ModelSpec(java.util.List.of(new InputColumn.Numeric("x")), new Architecture.Linear(), 1);

    /** Rows of label, weight, loss and predictions; a batch per call. */
    private static void observe(Progress progress, LossType loss, double[]... rows) {
        int outputs = rows[0].length - 3;
        try (MicroBatch batch = new MicroBatch(MODEL, rows.length);
                Arena arena = Arena.ofConfined()) {
            MemorySegment predictions = arena.allocate(JAVA_FLOAT, (long) rows.length * outputs);
            MemorySegment losses = arena.allocate(JAVA_FLOAT, rows.length);
            for (int row = 0; row < rows.length; row++) {
                if (loss == LossType.CROSS_ENTROPY) {
                    batch.label().setAtIndex(JAVA_INT, row, (int) rows[row][0]);
                } else {
                    batch.label().setAtIndex(JAVA_FLOAT, row, (float) rows[row][0]);
                }
                batch.weight().setAtIndex(JAVA_FLOAT, row, (float) rows[row][1]);
                losses.setAtIndex(JAVA_FLOAT, row, (float) rows[row][2]);
                for (int i = 0; i < outputs; i++) {
                    predictions.setAtIndex(JAVA_FLOAT, (long) row * outputs + i, (float) rows[row][3 + i]);
                }
            }
            batch.rows(rows.length);
            progress.observe(batch, predictions, losses);
        }
    }

    private static double[] row(double label, double weight, double loss, double... predictions) {
        double[] row = new double[3 + predictions.length];
        row[0] = label;
        row[1] = weight;
        row[2] = loss;
        System.arraycopy(predictions, 0, row, 3, predictions.length);
        return row;
    }

    private static double figure(Progress progress, String name) {
        Map<String, Double> figures = progress.figures();
        assertThat(figures).containsKey(name);
        return figures.getOrDefault(name, Double.NaN);
    }

    @Test
    void scoresProbabilitiesByWeight() {
        Progress progress = new Progress(LossType.BINARY_CROSS_ENTROPY, 1);
        observe(
                progress,
                LossType.BINARY_CROSS_ENTROPY,
                row(1, 1, 0.5, 0.75),
                row(1, 2, 1, 0.25),
                row(0, 1, 2, 0.5),
                row(0, 0, 100, 0.99));
        assertThat(figure(progress, "loss")).isEqualTo((0.5 + 2 + 2) / 4);
        assertThat(figure(progress, "accuracy")).isEqualTo(1 / 4.0);
        assertThat(figure(progress, "mean_prediction")).isEqualTo((0.75 + 2 * 0.25 + 0.5) / 4);
        assertThat(figure(progress, "mean_label")).isEqualTo(3 / 4.0);
        assertThat(figure(progress, "calibration")).isEqualTo(1.75 / 3);
        assertThat(figure(progress, "calibration_error")).isEqualTo((0.25 + 2 * 0.75 + 0.5) / 4);
        assertThat(figure(progress, "auc")).isEqualTo(1 / 3.0);
        assertThat(figure(progress, "rows")).isEqualTo(4);
    }

    @Test
    void givesRepeatingTheLastLabelAKappaOfZero() {
        Progress progress = new Progress(LossType.BINARY_CROSS_ENTROPY, 1);
        Random random = new Random(7);
        double last = 1;
        for (int i = 0; i < 500; i++) {
            double label = random.nextInt(5) == 0 ? 1 - last : last;
            observe(progress, LossType.BINARY_CROSS_ENTROPY, row(label, 1, 0, i == 0 ? 1 - label : last));
            last = label;
        }
        assertThat(figure(progress, "kappa_no_change")).isEqualTo(0);
        assertThat(figure(progress, "accuracy")).isBetween(0.7, 0.9);
    }

    @Test
    void scoresTheMostProbableClass() {
        Progress progress = new Progress(LossType.CROSS_ENTROPY, 3);
        observe(
                progress,
                LossType.CROSS_ENTROPY,
                row(2, 1, 1, 0.1, 0.2, 0.7),
                row(0, 1, 3, 0.4, 0.4, 0.2),
                row(1, 2, 2, 0.5, 0.3, 0.2),
                row(1, 1, 0, 0, 1, 0));
        assertThat(figure(progress, "accuracy")).isEqualTo(3 / 5.0);
        assertThat(figure(progress, "loss")).isEqualTo(8 / 5.0);
        assertThat(figure(progress, "kappa_no_change")).isCloseTo((0.6 - 0.2) / 0.8, within(1e-15));
    }

    @Test
    void scoresRowsWithoutLabelsByMeanAndDeviation() {
        Progress progress = new Progress(LossType.RECONSTRUCTION, 1);
        observe(progress, LossType.RECONSTRUCTION, row(0, 1, 2, 2), row(0, 3, 6, 6), row(0, 0, 99, 99));
        observe(progress, LossType.RECONSTRUCTION, row(0, 1, 10, 10));

        double mean = (2 + 3 * 6 + 10) / 5.0;
        double variance = (sq(2 - mean) + 3 * sq(6 - mean) + sq(10 - mean)) / 5;
        assertThat(figure(progress, "anomaly_mean")).isCloseTo(mean, within(1e-12));
        assertThat(figure(progress, "anomaly_deviation")).isCloseTo(Math.sqrt(variance), within(1e-12));
        assertThat(figure(progress, "loss")).isCloseTo(mean, within(1e-12));
        assertThat(progress.figures()).doesNotContainKeys("accuracy", "mse");
    }

    private static double sq(double x) {
        return x * x;
    }

    @Test
    void scoresValuesAgainstTheVarianceOfTheLabels() {
        Progress progress = new Progress(LossType.MSE, 1);
        Random random = new Random(7);
        double[][] rows = new double[207][];
        double weights = 0;
        double mean = 0;
        for (int i = 0; i < rows.length; i++) {
            float label = (float) (1000 + random.nextGaussian());
            float prediction = (float) (label + random.nextGaussian() / 2);
            float weight = random.nextInt(4);
            rows[i] = row(label, weight, ((double) prediction - label) * ((double) prediction - label), prediction);
            weights += weight;
            mean += weight * label;
        }
        mean /= weights;
        double squares = 0;
        double magnitudes = 0;
        double variance = 0;
        for (double[] row : rows) {
            squares += row[1] * (row[3] - row[0]) * (row[3] - row[0]);
            magnitudes += row[1] * Math.abs(row[3] - row[0]);
            variance += row[1] * (row[0] - mean) * (row[0] - mean);
        }
        observe(progress, LossType.MSE, rows);
        assertThat(figure(progress, "mse")).isCloseTo(squares / weights, within(1e-12));
        assertThat(figure(progress, "mae")).isCloseTo(magnitudes / weights, within(1e-12));
        assertThat(figure(progress, "r2")).isCloseTo(1 - squares / variance, within(1e-9));
        assertThat(figure(progress, "loss")).isCloseTo(squares / weights, within(1e-6));
    }

    @Test
    void weighsTheRecentPastByItsAge() {
        int window = 10;
        int count = 5000;
        Progress progress = new Progress(LossType.MSE, 1, window);
        Random random = new Random(7);
        double weights = 0;
        double losses = 0;
        for (int i = 0; i < count; i++) {
            float loss = random.nextFloat();
            observe(progress, LossType.MSE, row(0, 1, loss, 0));
            weights = weights * (1 - 1.0 / window) + 1;
            losses = losses * (1 - 1.0 / window) + loss;
        }
        assertThat(weights).isCloseTo(window, within(1e-9));
        assertThat(figure(progress, "recent_loss")).isCloseTo(losses / weights, within(1e-12));
    }

    @Test
    void followsAChangeInTheRecentPast() {
        Progress progress = new Progress(LossType.BINARY_CROSS_ENTROPY, 1, 100);
        for (int i = 0; i < 2000; i++) {
            observe(progress, LossType.BINARY_CROSS_ENTROPY, row(i % 2, 1, 1, i % 2 == 1 ? 0.2 : 0.8));
        }
        for (int i = 0; i < 2000; i++) {
            observe(progress, LossType.BINARY_CROSS_ENTROPY, row(i % 2, 1, 0, i % 2 == 1 ? 0.8 : 0.2));
        }
        assertThat(figure(progress, "accuracy")).isEqualTo(0.5);
        assertThat(figure(progress, "auc")).isEqualTo(0.5);
        assertThat(figure(progress, "recent_accuracy")).isCloseTo(1, within(1e-6));
        assertThat(figure(progress, "recent_auc")).isCloseTo(1, within(1e-6));
        assertThat(figure(progress, "recent_loss")).isCloseTo(0, within(1e-6));
    }

    @Test
    void countsRowsThatAreNotFiniteAndLeavesThemOut() {
        Progress progress = new Progress(LossType.MSE, 1);
        observe(
                progress,
                LossType.MSE,
                row(1, 1, 1, 0),
                row(1, 1, Double.NaN, Double.NaN),
                row(1, 1, Double.POSITIVE_INFINITY, 1),
                row(1, 1, 3, 0));
        assertThat(figure(progress, "loss")).isEqualTo(2);
        assertThat(figure(progress, "rows")).isEqualTo(2);
        assertThat(figure(progress, "rows_not_finite")).isEqualTo(2);
    }

    @Test
    void knowsNothingBeforeTheFirstRow() {
        assertThat(new Progress(LossType.BINARY_CROSS_ENTROPY, 1).figures())
                .containsEntry("rows", 0.0)
                .containsEntry("recent_rows", 0.0)
                .hasEntrySatisfying("loss", loss -> assertThat(loss).isNaN())
                .hasEntrySatisfying("auc", auc -> assertThat(auc).isNaN());
    }

    @Test
    void hasOnlyFiguresThatTheTopicsPageExplains() throws IOException {
        String page = Files.readString(Path.of("../docs/topics.md"));
        for (LossType loss : LossType.values()) {
            new Progress(loss, loss == LossType.CROSS_ENTROPY ? 2 : 1)
                    .figures()
                    .keySet()
                    .forEach(figure -> assertThat(page).contains("`" + figure.replaceFirst("^recent_", "") + "`"));
        }
    }

    @Test
    void goesOnFromASnapshotBitForBit() {
        for (LossType loss : LossType.values()) {
            int outputs = loss == LossType.CROSS_ENTROPY ? 2 : 1;
            Progress undisturbed = new Progress(loss, outputs, 50);
            Progress before = new Progress(loss, outputs, 50);
            Random random = new Random(7);
            double[][] rows = new double[3000][];
            for (int i = 0; i < rows.length; i++) {
                double[] predictions = new double[outputs];
                java.util.Arrays.setAll(predictions, _ -> random.nextDouble());
                rows[i] = row(random.nextInt(2), random.nextFloat(), random.nextFloat(), predictions);
            }
            observe(undisturbed, loss, rows);
            observe(before, loss, java.util.Arrays.copyOfRange(rows, 0, 1234));
            Progress after = new Progress(loss, outputs, 50);
            after.restore(before.snapshot());
            observe(after, loss, java.util.Arrays.copyOfRange(rows, 1234, 3000));
            assertThat(after.figures()).isEqualTo(undisturbed.figures());
            assertThat(after.snapshot()).isEqualTo(undisturbed.snapshot());
        }
    }

    @Test
    void refusesASnapshotOfAnotherKind() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Progress(LossType.MSE, 1)
                        .restore(new Progress(LossType.BINARY_CROSS_ENTROPY, 1).snapshot()));
    }

    @Test
    void forgetsWhatItIsToldToForget() {
        Progress progress = new Progress(LossType.BINARY_CROSS_ENTROPY, 1);
        observe(progress, LossType.BINARY_CROSS_ENTROPY, row(1, 1, 1, 0.5), row(0, 1, 1, 0.5));
        progress.resetRecent();
        assertThat(figure(progress, "rows")).isEqualTo(2);
        assertThat(figure(progress, "recent_rows")).isZero();
        observe(progress, LossType.BINARY_CROSS_ENTROPY, row(1, 1, 3, 0.5));
        assertThat(figure(progress, "recent_loss")).isEqualTo(3);
        progress.reset();
        assertThat(progress.snapshot()).isEqualTo(new Progress(LossType.BINARY_CROSS_ENTROPY, 1).snapshot());
    }
}
