package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.all;
import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.numerics;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointedStepTest {
    private static final int ROWS = 64;
    private static final int INPUTS = 8;
    private static final Pattern ARENA = Pattern.compile("arena=(\\d+)");

    static Stream<ModelSpec> models() {
        return Stream.of(
                mlp(Normalization.NONE, 0),
                mlp(Normalization.BATCH, 0.2),
                new ModelSpec(numerics(INPUTS), new DeepCross(6, Cross.Form.MATRIX, List.of(16), Activation.RELU), 1));
    }

    @ParameterizedTest
    @MethodSource("models")
    void changesNoBitOfWhatIsLearned(ModelSpec model) {
        for (Precision precision : Precision.values()) {
            assertThat(trained(spec(model, precision, 3))).containsExactly(trained(spec(model, precision, 0)));
        }
    }

    @Test
    void takesLessMemory() {
        ModelSpec model = mlp(Normalization.NONE, 0);
        assertThat(arena(spec(model, Precision.FP32, 4))).isLessThan(arena(spec(model, Precision.FP32, 0)) * 3 / 4);
    }

    static Stream<Architecture> overSequences() {
        return Stream.of(
                new TransformerModel(6, 2, 32, 0, List.of(8), Activation.RELU),
                new GruModel(16, Truncation.NONE, List.of(8), Activation.RELU));
    }

    @ParameterizedTest
    @MethodSource("overSequences")
    void takesBlocksOfATransformerAndItemsOfARecurrenceForLayers(Architecture architecture) {
        ModelSpec model = new ModelSpec(List.of(new InputColumn.Sequence("visits", 20, 16, 12)), architecture, 1);
        assertThat(arena(spec(model, Precision.FP32, 2))).isLessThan(arena(spec(model, Precision.FP32, 0)) * 4 / 5);
        assertThat(trained(spec(model, Precision.FP32, 2))).containsExactly(trained(spec(model, Precision.FP32, 0)));
    }

    @Test
    void refusesToCountBackward() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(mlp(Normalization.NONE, 0), Precision.FP32, -1))
                .withMessage("layers kept must not be counted backward: checkpointEvery=-1");
    }

    private static ModelSpec mlp(Normalization normalization, double dropout) {
        return new ModelSpec(
                numerics(INPUTS),
                new Architecture.Mlp(Collections.nCopies(16, 32), Activation.TANH, normalization, dropout),
                1);
    }

    private static StepSpec spec(ModelSpec model, Precision precision, int every) {
        return StepSpec.of(model, Loss.MSE, OptimizerSpec.Adam.usual())
                .microBatch(ROWS)
                .precision(precision)
                .checkpointEvery(every)
                .seed(3)
                .build();
    }

    private static float[] trained(StepSpec spec) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            float[] labels = new float[ROWS];
            for (int i = 0; i < ROWS; i++) {
                labels[i] = i % 3;
            }
            for (int i = 0; i < 4; i++) {
                fill(batch, Batches.rows(ROWS, spec.model().numerics().size()), labels, 0, ROWS - i);
                fillSequences(batch, spec.model());
                step.accumulate(batch);
                step.step(0.01);
            }
            return all(step);
        }
    }

    private static void fillSequences(MicroBatch batch, ModelSpec model) {
        for (int column = 0; column < model.sequences().size(); column++) {
            for (int i = 0; i < ROWS * 12; i++) {
                batch.sequenceIds(column).setAtIndex(JAVA_INT, i, i * 7 % 20);
            }
            for (int row = 0; row < ROWS; row++) {
                batch.sequenceLengths(column).setAtIndex(JAVA_INT, row, row % 13);
            }
        }
    }

    private static long arena(StepSpec spec) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            batch.rows(ROWS);
            step.accumulate(batch);
            Matcher matcher = ARENA.matcher(step.describe());
            assertThat(matcher.find()).isTrue();
            return Long.parseLong(matcher.group(1));
        }
    }
}
