package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Loss;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The gradient of the weights is (6, 8) and that of the bias 2: the error is 1 at x = (3, 4). */
class ClipTest {
    private static final double NORM = Math.sqrt(36 + 64 + 4);
    private static final Percentage CLOSE = Percentage.withPercentage(1e-4);

    @Test
    void measuresOnlyWhenOff() {
        StepReport report = step(new Clip.Off(), 6, 8, 2);
        assertThat(report.clipped()).isFalse();
        assertThat(report.clippedNorm()).isCloseTo(NORM, CLOSE);
    }

    @Test
    void multipliesAllGradientsByTheSameFactor() {
        double factor = 1 / (NORM + 1e-6);
        StepReport report = step(new Clip.Norm(1), 6 * factor, 8 * factor, 2 * factor);
        assertThat(report.clipped()).isTrue();
        assertThat(report.gradientNorm()).isCloseTo(NORM, CLOSE);
        assertThat(report.clippedNorm()).isCloseTo(1, CLOSE);
    }

    @Test
    void leavesGradientsBelowTheNorm() {
        assertThat(step(new Clip.Norm(11), 6, 8, 2).clipped()).isFalse();
    }

    @Test
    void boundsEachElement() {
        StepReport report = step(new Clip.Value(5), 5, 5, 2);
        assertThat(report.clipped()).isTrue();
        assertThat(report.clippedNorm()).isCloseTo(Math.sqrt(54), CLOSE);
    }

    /** Both norms are sums of the same squares: where the factor between them and the report is no power of two, it must round both alike. */
    @Test
    void leavesElementsBelowTheBound() {
        StepSpec spec = Batches.with(spec(linear(3), Loss.MSE, OptimizerSpec.Sgd.plain(), 16, 1), new Clip.Value(1e6));
        float[][] rows = Batches.rows(16, 3);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 16)) {
            for (int count = 1; count <= 16; count++) {
                fill(batch, rows, new float[16], 0, count);
                step.accumulate(batch);
                StepReport report = step.step(0.01);
                assertThat(report.clipped()).as("rows=%d", count).isFalse();
                assertThat(report.clippedNorm()).isEqualTo(report.gradientNorm());
            }
        }
    }

    private static StepReport step(Clip clip, double... gradients) {
        StepSpec spec = Batches.with(spec(linear(2), Loss.MSE, OptimizerSpec.Sgd.plain(), 4, 2), clip);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            Batches.set(step, "linear.weight", 0, 0);
            Batches.set(step, "linear.bias", 0);
            fill(batch, new float[][] {{3, 4}, {3, 4}}, new float[] {-1, -1}, 0, 2);
            step.accumulate(batch);
            StepReport report = step.step(1);
            float[] after = Batches.all(step);
            for (int i = 0; i < gradients.length; i++) {
                assertThat((double) -after[i]).isCloseTo(gradients[i], CLOSE);
            }
            return report;
        }
    }
}
