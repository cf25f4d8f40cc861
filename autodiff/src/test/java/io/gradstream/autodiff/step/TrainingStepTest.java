package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.all;
import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.rows;
import static io.gradstream.autodiff.step.Batches.spec;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingStepTest {
    private static final OptimizerSpec SGD = OptimizerSpec.Sgd.plain();

    static Stream<Device> devices() {
        return Stream.of(Devices.one(), CpuDevice.withoutNativeCode(), new ReferenceDevice());
    }

    @ParameterizedTest
    @MethodSource("devices")
    void learnsExclusiveOr(Device device) {
        StepSpec spec =
                spec(mlp(2, 1, Activation.TANH, 8), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual(), 4, 1);
        float[][] rows = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
        float[] labels = {0, 1, 1, 0};
        try (TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            for (int i = 0; i < 400; i++) {
                fill(batch, rows, labels, 0, 4);
                step.accumulate(batch);
                step.step(0.05);
            }
            step.accumulate(batch);
            float[] predictions = Batches.floats(step.predictions(), 4);
            for (int i = 0; i < 4; i++) {
                assertThat(predictions[i]).isCloseTo(labels[i], Offset.offset(0.05f));
            }
        }
    }

    @Test
    void devicesAgreeAfterAHundredSteps() {
        float[][] rows = rows(100 * 16, 5);
        float[] labels = labels(rows);
        StepSpec spec = Batches.with(
                spec(
                        mlp(5, 1, Activation.RELU, 33, 17),
                        Loss.BINARY_CROSS_ENTROPY,
                        OptimizerSpec.Adam.decoupled(0.01),
                        16,
                        1),
                new Clip.Norm(1));
        float[] fast = train(Devices.one(), spec, rows, labels, 16);
        float[] exact = train(new ReferenceDevice(), spec, rows, labels, 16);
        double largest = 0;
        for (float value : exact) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < exact.length; i++) {
            assertThat(fast[i]).isCloseTo(exact[i], Offset.offset((float) (1e-4 * largest)));
        }
    }

    @Test
    void microBatchesTogetherAreOneBigBatch() {
        float[][] rows = rows(32, 3);
        float[] labels = labels(rows);
        ModelSpec model = mlp(3, 1, Activation.TANH, 6);
        float[] big = train(Devices.one(), spec(model, Loss.MSE, SGD, 32, 1), rows, labels, 32);
        float[] accumulated = train(Devices.one(), spec(model, Loss.MSE, SGD, 8, 4), rows, labels, 32);
        for (int i = 0; i < big.length; i++) {
            assertThat(accumulated[i]).isCloseTo(big[i], Offset.offset(2e-7f));
        }
    }

    @Test
    void aPartialStepIsTheMeanOverItsRows() {
        float[][] rows = rows(11, 3);
        float[] labels = labels(rows);
        float[] partial = train(Devices.one(), spec(linear(3), Loss.MSE, SGD, 8, 4), rows, labels, 11);
        float[] whole = train(Devices.one(), spec(linear(3), Loss.MSE, SGD, 11, 1), rows, labels, 11);
        for (int i = 0; i < whole.length; i++) {
            assertThat(partial[i]).isCloseTo(whole[i], Offset.offset(2e-7f));
        }
    }

    @Test
    void aRowOfWeightTwoCountsAsTwoRows() {
        float[][] rows = rows(3, 2);
        float[] labels = {1, 0, 1};
        StepSpec twice = spec(linear(2), Loss.BINARY_CROSS_ENTROPY, SGD, 4, 1);
        float[][] repeated = {rows[0], rows[1], rows[1], rows[2]};
        float[] expected = train(Devices.one(), twice, repeated, new float[] {1, 0, 0, 1}, 4);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(twice, device);
                MicroBatch batch = new MicroBatch(twice.model(), 4)) {
            fill(batch, rows, labels, 0, 3);
            Batches.weights(batch, 1, 2, 1);
            step.accumulate(batch);
            StepReport report = step.step(0.1);
            assertThat(report.weight()).isEqualTo(4);
            assertThat(report.rows()).isEqualTo(3);
            float[] actual = all(step);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-7f));
            }
        }
    }

    @Test
    void givesTheSameBitsTwice() {
        float[][] rows = rows(320, 9);
        float[] labels = labels(rows);
        StepSpec spec =
                spec(mlp(9, 1, Activation.GELU, 20, 13), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual(), 16, 2);
        assertThat(train(Devices.one(), spec, rows, labels, 32))
                .containsExactly(train(Devices.one(), spec, rows, labels, 32));
    }

    @Test
    void goesOnFromASnapshotAsIfNothingHadHappened() {
        float[][] rows = rows(400, 4);
        float[] labels = labels(rows);
        StepSpec spec = spec(
                mlp(4, 1, Activation.RELU, 12), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.decoupled(0.01), 10, 2);
        try (Device device = Devices.one();
                TrainingStep first = new TrainingStep(spec, device);
                TrainingStep second = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 10)) {
            Snapshot snapshot = null;
            for (int at = 0; at < 400; at += 10) {
                if (at == 210) {
                    snapshot = first.snapshot();
                }
                fill(batch, rows, labels, at, at + 10);
                first.accumulate(batch);
                if (at % 20 == 10) {
                    first.step(0.01);
                }
            }
            second.restore(java.util.Objects.requireNonNull(snapshot));
            assertThat(second.pendingWeight()).isEqualTo(10);
            StepReport report = null;
            for (int at = 210; at < 400; at += 10) {
                fill(batch, rows, labels, at, at + 10);
                second.accumulate(batch);
                if (at % 20 == 10) {
                    report = second.step(0.01);
                }
            }
            assertThat(all(second)).containsExactly(all(first));
            assertThat(java.util.Objects.requireNonNull(report).step()).isEqualTo(20);
        }
    }

    @Test
    void changesOnlyTheEmbeddingsItTouches() {
        ModelSpec model = new ModelSpec(
                List.of(
                        new InputColumn.Numeric("age"),
                        new InputColumn.Categorical("site", 50, 4),
                        new InputColumn.Bag("tags", 40, 3, Combine.MEAN)),
                new Architecture.Mlp(List.of(5), Activation.TANH),
                1);
        StepSpec spec = spec(model, Loss.BINARY_CROSS_ENTROPY, SGD, 4, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, 4)) {
            float[] sitesBefore = Batches.parameter(step, "embedding.site.weight");
            float[] tagsBefore = Batches.parameter(step, "embedding.tags.weight");
            fill(batch, new float[][] {{1}, {2}, {3}}, new float[] {1, 0, 1}, 0, 3);
            int[] sites = {7, 9, 7};
            batch.ensureBagCapacity(0, 9);
            int[] tags = {1, 2, 30, 30, 5};
            int[] offsets = {0, 2, 2, 5};
            for (int i = 0; i < 3; i++) {
                batch.ids(0).setAtIndex(JAVA_INT, i, sites[i]);
            }
            for (int i = 0; i < tags.length; i++) {
                batch.bagIds(0).setAtIndex(JAVA_INT, i, tags[i]);
            }
            for (int i = 0; i < offsets.length; i++) {
                batch.bagOffsets(0).setAtIndex(JAVA_INT, i, offsets[i]);
            }
            step.accumulate(batch);
            step.step(0.5);
            assertThat(changedRows(sitesBefore, Batches.parameter(step, "embedding.site.weight"), 4))
                    .containsExactly(7, 9);
            assertThat(changedRows(tagsBefore, Batches.parameter(step, "embedding.tags.weight"), 3))
                    .containsExactly(1, 2, 5, 30);
        }
    }

    @Test
    void classifiesIntoSeveralClasses() {
        StepSpec spec = spec(mlp(2, 3, Activation.RELU, 16), Loss.CROSS_ENTROPY, OptimizerSpec.Adam.usual(), 30, 1);
        float[][] rows = rows(30, 2);
        int[] classes = new int[30];
        for (int i = 0; i < 30; i++) {
            classes[i] = rows[i][0] > 0.3 ? 2 : rows[i][1] > 0 ? 1 : 0;
        }
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 30)) {
            fill(batch, rows, new float[30], 0, 30);
            Batches.classes(batch, classes);
            step.accumulate(batch);
            double before = step.step(0.02).loss();
            double after = before;
            for (int i = 0; i < 300; i++) {
                step.accumulate(batch);
                after = step.step(0.02).loss();
            }
            assertThat(before).isCloseTo(Math.log(3), Offset.offset(0.4));
            assertThat(after).isLessThan(0.15);
            float[] probabilities = Batches.floats(step.predictions(), 90);
            for (int row = 0; row < 30; row++) {
                assertThat(probabilities[3 * row] + probabilities[3 * row + 1] + probabilities[3 * row + 2])
                        .isCloseTo(1, Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void predictsBeforeItLearns() {
        StepSpec spec = spec(linear(2), Loss.MSE, SGD, 2, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 2)) {
            Batches.set(step, "linear.weight", 2, -1);
            Batches.set(step, "linear.bias", 0.5f);
            fill(batch, new float[][] {{1, 1}, {3, 2}}, new float[] {1, 4}, 0, 2);
            step.accumulate(batch);
            assertThat(Batches.floats(step.predictions(), 2)).containsExactly(1.5f, 4.5f);
            assertThat(Batches.floats(step.losses(), 2)).containsExactly(0.25f, 0.25f);
            assertThat(step.step(0.1).loss()).isEqualTo(0.25);
        }
    }

    @Test
    void reportsTheHealthOfEveryLayer() {
        StepSpec spec = spec(linear(2), Loss.MSE, SGD, 1, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", 3, 4);
            Batches.set(step, "linear.bias", 1);
            fill(batch, new float[][] {{1, 0}}, new float[] {3}, 0, 1);
            step.accumulate(batch);
            StepReport report = step.step(0.5);
            // z = 4, dloss/dz = 2·(4 − 3) = 2: the gradient of the weight is (2, 0), that of the bias 2
            assertThat(report.gradientNorm()).isCloseTo(Math.sqrt(8), Percentage.withPercentage(1e-5));
            LayerReport weight = report.layers().getFirst();
            assertThat(weight.name()).isEqualTo("linear.weight");
            assertThat(weight.gradientNorm()).isCloseTo(2, Percentage.withPercentage(1e-5));
            assertThat(weight.weightNorm()).isCloseTo(Math.sqrt(4 + 16), Percentage.withPercentage(1e-5));
            assertThat(weight.updateRatio()).isCloseTo(1 / Math.sqrt(20), Percentage.withPercentage(1e-5));
        }
    }

    @Test
    void refusesAStepWithoutRowsThatCount() {
        StepSpec spec = spec(linear(1), Loss.MSE, SGD, 2, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 2)) {
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> step.step(0.1));
            fill(batch, new float[][] {{1}}, new float[] {1}, 0, 1);
            Batches.weights(batch, 0);
            step.accumulate(batch);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> step.step(0.1))
                    .withMessage("a step needs rows that count: rows=1 weight=0.0");
        }
    }

    private static float[] labels(float[][] rows) {
        float[] labels = new float[rows.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = rows[i][0] + 0.5f * rows[i][1] > 0 ? 1 : 0;
        }
        return labels;
    }

    /** Trains over all rows once, a step after so many rows, and returns all parameters. */
    private static float[] train(Device device, StepSpec spec, float[][] rows, float[] labels, int rowsPerStep) {
        try (device;
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            for (int start = 0; start < rows.length; start += rowsPerStep) {
                int end = Math.min(rows.length, start + rowsPerStep);
                for (int at = start; at < end; at += spec.microBatch()) {
                    fill(batch, rows, labels, at, Math.min(end, at + spec.microBatch()));
                    step.accumulate(batch);
                }
                step.step(spec.optimizer() instanceof OptimizerSpec.Sgd ? 0.1 : 0.001);
            }
            return all(step);
        }
    }

    private static List<Integer> changedRows(float[] before, float[] after, int width) {
        return java.util.stream.IntStream.range(0, before.length)
                .filter(i -> before[i] != after[i])
                .map(i -> i / width)
                .distinct()
                .boxed()
                .toList();
    }
}
