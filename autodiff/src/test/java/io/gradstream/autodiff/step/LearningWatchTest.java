package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.step.LearningWatch.Cause;
import io.gradstream.autodiff.step.LearningWatch.Reason;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Each usual reason why a loss does not fall, provoked by a net or by data. */
class LearningWatchTest {
    private static final int ROWS = 64;
    private static final int COLUMNS = 4;
    private static final int STEPS = 60;
    private static final ModelSpec NET = Batches.mlp(COLUMNS, 1, Activation.RELU, 16);
    private static final ToDoubleFunction<float[]> LEARNABLE = row -> row[0] > row[1] ? 1 : 0;

    @Test
    void saysNothingWhileTheLossFalls() {
        assertThat(causes(spec(NET).build(), 0.01, 1, LEARNABLE, _ -> {})).isEmpty();
    }

    @Test
    void namesALearningRateThatIsTooSmall() {
        assertThat(causes(spec(NET).build(), 1e-9, 1, LEARNABLE, _ -> {})).contains(Reason.LEARNING_RATE_TOO_SMALL);
    }

    @Test
    void namesALearningRateThatIsTooLarge() {
        assertThat(causes(spec(NET).build(), 30, 1, LEARNABLE, _ -> {})).contains(Reason.LEARNING_RATE_TOO_LARGE);
    }

    @Test
    void namesDeadUnitsAndWhatTheyKeepFromLearning() {
        List<Cause> causes = explained(spec(NET).build(), 0.001, 1, LEARNABLE, step -> fill(step, "mlp.0.bias", -100));
        assertThat(causes)
                .filteredOn(cause -> cause.reason() == Reason.DEAD_UNITS)
                .extracting(Cause::facts)
                .first()
                .asString()
                .startsWith("activation=Relu parameter=mlp.0.weight at=");
        assertThat(causes).extracting(Cause::reason).contains(Reason.DEAD_UNITS, Reason.UNREACHED_PARAMETER);
    }

    @Test
    void namesSaturatedUnits() {
        ModelSpec net = Batches.mlp(COLUMNS, 1, Activation.SIGMOID, 16);
        assertThat(causes(spec(net).build(), 1e-5, 1, LEARNABLE, step -> fill(step, "mlp.0.bias", 50)))
                .contains(Reason.SATURATED_UNITS);
    }

    @Test
    void namesFrozenParameters() {
        StepSpec frozen =
                spec(NET).groups(List.of(ParameterGroup.frozen("mlp.*.weight"))).build();
        assertThat(causes(frozen, 1e-4, 1, LEARNABLE, _ -> {})).contains(Reason.UNREACHED_PARAMETER);
    }

    @Test
    void namesAGradientThatIsAlwaysClipped() {
        StepSpec clipped = Batches.spec(NET, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Sgd.plain(), ROWS, 1)
                .but()
                .clip(new Clip.Norm(1e-4))
                .build();
        assertThat(causes(clipped, 0.01, 1, LEARNABLE, _ -> {})).contains(Reason.ALWAYS_CLIPPED);
    }

    @Test
    void namesConstantLabels() {
        StepSpec spec = Batches.spec(NET, Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        assertThat(causes(spec, 0, 1, _ -> 3, _ -> {})).contains(Reason.CONSTANT_LABELS);
    }

    @Test
    void namesLabelsThatAreShuffled() {
        Random coin = new Random(11);
        assertThat(causes(spec(NET).build(), 0.001, 1, _ -> coin.nextInt(2), _ -> {}))
                .contains(Reason.UNEXPLAINED_LABELS)
                .doesNotContain(Reason.CONSTANT_LABELS);
    }

    @Test
    void namesInputsThatAreNotScaled() {
        StepSpec spec = Batches.spec(NET, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Sgd.plain(), ROWS, 1);
        assertThat(causes(spec, 0.1, 10_000, LEARNABLE, _ -> {})).contains(Reason.UNSCALED_INPUTS);
    }

    /** The last step but two has an infinite loss and is skipped; labels that can be learned are not to blame for it. */
    @Test
    void blamesNoLabelsForAStepThatWasSkipped() {
        StepSpec spec = Batches.spec(NET, Loss.MSE, OptimizerSpec.Adam.usual(), ROWS, 1);
        int[] rows = new int[1];
        ToDoubleFunction<float[]> overflowing =
                row -> rows[0]++ / ROWS == STEPS - 3 ? Float.MAX_VALUE : LEARNABLE.applyAsDouble(row);
        assertThat(causes(spec, 0.01, 1, overflowing, _ -> {})).isEmpty();
    }

    @Test
    void blamesTheLearningRateWhereEveryStepIsSkipped() {
        StepSpec spec = Batches.spec(NET, Loss.MSE, OptimizerSpec.Adam.usual(), ROWS, 1);
        assertThat(causes(spec, 0.01, 1, _ -> Float.MAX_VALUE, _ -> {}))
                .contains(Reason.LEARNING_RATE_TOO_LARGE)
                .doesNotContain(Reason.LEARNING_RATE_TOO_SMALL);
    }

    /** Of a hundred rows without a positive nobody knows whether there are any. */
    @Test
    void saysNothingOfLabelsOfWhichItHasSeenFew() {
        StepSpec spec = Batches.spec(NET, Loss.MSE, OptimizerSpec.Sgd.plain(), 1, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(NET, 1)) {
            LearningWatch watch = new LearningWatch(step);
            Batches.fill(batch, Batches.rows(1, COLUMNS), new float[1], 0, 1);
            step.accumulate(batch);
            watch.observe(step.step(0));
            see(watch, batch, 100);
            assertThat(watch.causes(batch)).extracting(Cause::reason).doesNotContain(Reason.CONSTANT_LABELS);
            see(watch, batch, 900);
            assertThat(watch.causes(batch))
                    .filteredOn(cause -> cause.reason() == Reason.CONSTANT_LABELS)
                    .extracting(Cause::facts)
                    .containsExactly("label=0.0 rows=1000");
        }
    }

    private static void see(LearningWatch watch, MicroBatch batch, int times) {
        for (int i = 0; i < times; i++) {
            watch.observe(batch);
        }
    }

    /** Statistics of batches are written by the pass that looks at the units, as by any other. */
    @Test
    void changesNothingByLooking() {
        ModelSpec normalized = new ModelSpec(
                Batches.numerics(COLUMNS),
                new Architecture.Mlp(List.of(16), Activation.RELU, Normalization.BATCH, 0.1),
                1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(normalized).build(), device);
                MicroBatch batch = new MicroBatch(normalized, ROWS)) {
            LearningWatch watch = new LearningWatch(step);
            Batches.fill(batch, Batches.rows(ROWS, COLUMNS), new float[ROWS], 0, ROWS);
            step.accumulate(batch);
            watch.observe(step.step(0.01));
            List<String> before = state(step);
            watch.causes(batch);
            assertThat(state(step)).isEqualTo(before);
        }
    }

    private static List<String> state(TrainingStep step) {
        return step.snapshot().blocks().stream()
                .map(block ->
                        block.name() + HexFormat.of().formatHex(block.bytes().toArray(JAVA_BYTE)))
                .toList();
    }

    @Test
    void saysWhatSpeaksForAReason() {
        assertThat(new Cause(Reason.CONSTANT_LABELS, "label=3.0")).hasToString("all labels are the same: label=3.0");
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(NET).build(), device);
                MicroBatch batch = new MicroBatch(NET, ROWS)) {
            LearningWatch watch = new LearningWatch(step);
            assertThatThrownBy(() -> watch.causes(batch)).hasMessage("a watch must have seen steps: steps=0");
        }
    }

    private static StepSpec.Builder spec(ModelSpec net) {
        return Batches.spec(net, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual(), ROWS, 1)
                .but();
    }

    private static void fill(TrainingStep step, String name, float value) {
        float[] values = Batches.parameter(step, name);
        java.util.Arrays.fill(values, value);
        Batches.set(step, name, values);
    }

    private static List<Reason> causes(
            StepSpec spec, double rate, float scale, ToDoubleFunction<float[]> label, Consumer<TrainingStep> spoil) {
        return explained(spec, rate, scale, label, spoil).stream()
                .map(Cause::reason)
                .distinct()
                .toList();
    }

    private static List<Cause> explained(
            StepSpec spec, double rate, float scale, ToDoubleFunction<float[]> label, Consumer<TrainingStep> spoil) {
        Random random = new Random(5);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            spoil.accept(step);
            LearningWatch watch = new LearningWatch(step);
            for (int i = 0; i < STEPS; i++) {
                float[][] rows = new float[ROWS][COLUMNS];
                float[] labels = new float[ROWS];
                for (int row = 0; row < ROWS; row++) {
                    for (int column = 0; column < COLUMNS; column++) {
                        rows[row][column] = scale * (float) random.nextGaussian();
                    }
                    labels[row] = (float) label.applyAsDouble(rows[row]);
                }
                Batches.fill(batch, rows, labels, 0, ROWS);
                watch.observe(batch);
                step.accumulate(batch);
                watch.observe(step.step(rate));
            }
            return watch.causes(batch);
        }
    }
}
