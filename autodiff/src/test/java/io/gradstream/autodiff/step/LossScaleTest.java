package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.all;
import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LossScaleTest {
    private static final OptimizerSpec ADAM = OptimizerSpec.Adam.usual();

    /** A gradient of 2·error overflows F16 as soon as error·scale is above 32752. */
    @Test
    void skipsHalvesAndGrowsAsGradScalerDoes() {
        StepSpec spec =
                Batches.with(spec(linear(1), Loss.MSE, ADAM, 1, 1), Precision.FP16, new LossScale(65536, 2, 0.5, 3));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", 0);
            Batches.set(step, "linear.bias", 0);
            float[] before = all(step);
            assertStep(step, batch, 1, 65536, true, 1);
            assertThat(all(step)).containsExactly(before);
            assertStep(step, batch, 1, 32768, true, 2);
            assertThat(all(step)).containsExactly(before);
            assertStep(step, batch, 1, 16384, false, 2);
            // the first step that is taken is Adam's first: had skipped steps counted, its bias correction would be
            // another
            assertThat((double) all(step)[1]).isCloseTo(0.001, Percentage.withPercentage(1e-3));
            assertStep(step, batch, 0.1f, 16384, false, 2);
            assertStep(step, batch, 0.1f, 16384, false, 2);
            assertStep(step, batch, 0.1f, 32768, false, 2);
            assertStep(step, batch, 30000, 32768, true, 3);
            assertStep(step, batch, 0.1f, 16384, false, 3);
        }
    }

    /** The square of an error of 1e25 is beyond a float, its slope is not; AdamW's second moment would be infinite for ever. */
    @Test
    void skipsAStepWhoseLossIsInfiniteThoughItsGradientsAreFinite() {
        StepSpec spec = spec(linear(2), Loss.MSE, OptimizerSpec.Adam.decoupled(0.1), 4, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            float[] before = Batches.all(step);
            fill(batch, Batches.rows(4, 2), new float[] {1e25f, 0, 0, 0}, 0, 4);
            step.accumulate(batch);
            StepReport report = step.step(0.1);
            assertThat(report.loss()).isInfinite();
            assertThat(report.gradientNorm()).isFinite();
            assertThat(report.overflow()).isTrue();
            assertThat(report.skippedSteps()).isEqualTo(1);
            assertThat(Batches.all(step)).containsExactly(before);
            assertThat(step.blame(batch))
                    .hasValueSatisfying(blamed -> assertThat(blamed.toString()).contains("Square"));
        }
    }

    @Test
    void neverFallsBelowOne() {
        StepSpec spec =
                Batches.with(spec(linear(1), Loss.MSE, ADAM, 1, 1), Precision.FP16, new LossScale(4, 2, 0.25, 100));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", 0);
            assertStep(step, batch, 1e6f, 4, true, 1);
            assertStep(step, batch, 1e6f, 1, true, 2);
            assertStep(step, batch, 1e6f, 1, true, 3);
        }
    }

    /** Gradients of about 1e-9 round to zero in F16, where the smallest number is 6e-8, unless the loss is scaled. */
    @Test
    void letsTinyGradientsTeach() {
        assertThat(weightMovedBy(new LossScale(1, 2, 0.5, 1_000_000))).isZero();
        assertThat(weightMovedBy(new LossScale(65536, 2, 0.5, 1_000_000))).isGreaterThan(0);
        assertThat(weightMovedBy(null)).isGreaterThan(0);
    }

    @Test
    void halfPrecisionLearnsWhatFullPrecisionLearns() {
        float[][] rows = Batches.rows(64, 4);
        float[] labels = new float[64];
        for (int i = 0; i < 64; i++) {
            labels[i] = rows[i][0] > rows[i][1] ? 1 : 0;
        }
        StepSpec full = spec(mlp(4, 1, Activation.RELU, 16), Loss.BINARY_CROSS_ENTROPY, ADAM, 64, 1);
        double expected = lossAfter(full, rows, labels);
        for (Precision precision : new Precision[] {Precision.BF16, Precision.FP16}) {
            double loss = lossAfter(Batches.with(full, precision, LossScale.usual()), rows, labels);
            assertThat(loss)
                    .as("%s", precision)
                    .isCloseTo(expected, Offset.offset(0.02))
                    .isNotEqualTo(expected);
        }
    }

    private static double lossAfter(StepSpec spec, float[][] rows, float[] labels) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            double loss = 0;
            for (int i = 0; i < 100; i++) {
                fill(batch, rows, labels, 0, rows.length);
                step.accumulate(batch);
                loss = step.step(0.01).loss();
            }
            return loss;
        }
    }

    private static double weightMovedBy(@org.jspecify.annotations.Nullable LossScale scale) {
        StepSpec spec = spec(linear(1), Loss.MSE, OptimizerSpec.Sgd.plain(), 1, 1);
        StepSpec chosen = scale == null ? spec : Batches.with(spec, Precision.FP16, scale);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(chosen, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", 0);
            Batches.set(step, "linear.bias", 0);
            for (int i = 0; i < 10; i++) {
                Batches.set(step, "linear.bias", 0);
                fill(batch, new float[][] {{1}}, new float[] {1e-9f}, 0, 1);
                step.accumulate(batch);
                step.step(0.25);
            }
            return Math.abs(Batches.parameter(step, "linear.weight")[0]);
        }
    }

    private static void assertStep(
            TrainingStep step, MicroBatch batch, float label, double scale, boolean overflow, long skipped) {
        fill(batch, new float[][] {{1}}, new float[] {label}, 0, 1);
        step.accumulate(batch);
        StepReport report = step.step(0.001);
        assertThat(report.lossScale()).isEqualTo(scale);
        assertThat(report.overflow()).isEqualTo(overflow);
        assertThat(report.skippedSteps()).isEqualTo(skipped);
    }
}
