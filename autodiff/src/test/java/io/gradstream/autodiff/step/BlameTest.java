package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.rows;
import static io.gradstream.autodiff.step.Batches.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.diagnose.Anomaly;
import io.gradstream.autodiff.diagnose.DepthProfile;
import io.gradstream.autodiff.diagnose.Finding;
import io.gradstream.autodiff.diagnose.Rule;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Input;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlameTest {

    private static final int ROWS = 8;

    @Test
    void namesTheOperationThatOverflowedItsLineAndWhatItWasGiven() {
        StepSpec spec = spec(linear(1), Loss.MSE, OptimizerSpec.Sgd.plain(), 1, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            fill(batch, new float[][] {{1}}, new float[] {2e38f}, 0, 1);
            step.accumulate(batch);
            float[] before = Batches.all(step);

            assertThat(step.step(0.1).overflow()).isTrue();
            Anomaly anomaly = step.blame(batch).orElseThrow();

            assertThat(anomaly.node().op().name()).isEqualTo("Square");
            assertThat(anomaly.site()).asString().startsWith("Loss.java:");
            assertThat(anomaly.inputs().get(0).least()).isLessThan(-1.9e38);
            assertThat(Batches.all(step)).containsExactly(before);
        }
    }

    @Test
    void namesTheColumnsThatBroughtANanIn() {
        StepSpec spec = spec(mlp(3, 1, Activation.TANH, 4), Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            float[][] rows = rows(ROWS, 3);
            rows[5][1] = Float.NaN;
            fill(batch, rows, new float[ROWS], 0, ROWS);
            step.accumulate(batch);

            assertThat(step.step(0.1).overflow()).isTrue();
            Anomaly anomaly = step.blame(batch).orElseThrow();

            assertThat(anomaly.node().op()).isInstanceOf(Input.class);
            assertThat(anomaly.output().nans()).isOne();
        }
    }

    /** The scale was halved when the step was skipped, but it was the whole one that overflowed. */
    @Test
    void looksWithTheLossScaleThatOverflowed() {
        StepSpec spec = Batches.with(
                spec(linear(1), Loss.MSE, OptimizerSpec.Sgd.plain(), 1, 1),
                Precision.FP16,
                new LossScale(65536, 2, 0.5, 3));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", 0);
            Batches.set(step, "linear.bias", 0);
            fill(batch, new float[][] {{1}}, new float[] {-0.6f}, 0, 1);
            step.accumulate(batch);

            assertThat(step.step(0.1).overflow()).isTrue();
            Anomaly anomaly = step.blame(batch).orElseThrow();

            assertThat(anomaly.node().op()).isInstanceOf(Cast.class);
            assertThat(anomaly.inputs().get(0).isFinite()).isTrue();
            step.accumulate(batch);
            assertThat(step.step(0.1).overflow()).isFalse();
            assertThat(step.blame(batch)).isEmpty();
        }
    }

    @Test
    void blamesNothingWhileAllIsFinite() {
        StepSpec spec = spec(mlp(3, 1, Activation.TANH, 4), Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            fill(batch, rows(ROWS, 3), new float[ROWS], 0, ROWS);
            step.accumulate(batch);
            step.step(0.1);

            assertThat(step.blame(batch)).isEmpty();
        }
    }

    @Test
    void findsUnitsThatCannotComeToDiffer() {
        StepSpec spec = spec(mlp(3, 1, Activation.TANH, 4), Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            assertThat(step.findings()).isEmpty();
            step.parameters()
                    .forEach(parameter -> Batches.set(step, parameter.name(), new float[parameter.values().length]));

            List<Finding> findings = step.findings();

            assertThat(findings).extracting(Finding::rule).containsExactly(Rule.SYMMETRIC_UNITS);
            assertThat(findings.get(0)).asString().contains("Parameter(", ".weight)");
        }
    }

    @Test
    void namesGradientsThatVanishOverDepth() {
        assertThat(depthProfile(Activation.SIGMOID, 20).orElseThrow().verdict())
                .isEqualTo(DepthProfile.Verdict.VANISHING);
        assertThat(depthProfile(Activation.RELU, 2).orElseThrow().verdict()).isEqualTo(DepthProfile.Verdict.HEALTHY);
        assertThat(depthProfile(Activation.RELU, 0)).isEmpty();
    }

    private static Optional<DepthProfile> depthProfile(Activation activation, int depth) {
        Integer[] hidden = Collections.nCopies(depth, 64).toArray(Integer[]::new);
        ModelSpec model = depth == 0 ? linear(3) : mlp(3, 1, activation, hidden);
        StepSpec spec = spec(model, Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, ROWS)) {
            fill(batch, rows(ROWS, 3), new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, ROWS);
            step.accumulate(batch);
            return step.step(0.1).depthProfile();
        }
    }
}
