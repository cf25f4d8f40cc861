package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Autoencoder;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.DeepFm;
import io.gradstream.autodiff.nn.Dlrm;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.nn.WideDeep;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model learns what it was made for: tasks that a model of the inputs one by one cannot learn. */
class ModelsLearnTest {
    private static final int ROWS = 128;
    private static final int CATEGORIES = 6;
    private static final int LENGTH = 8;

    private static final List<InputColumn> PAIR = List.of(
            new InputColumn.Categorical("a", CATEGORIES, 4),
            new InputColumn.Categorical("b", CATEGORIES, 4),
            new InputColumn.Numeric("x"));
    private static final List<InputColumn> HISTORY =
            List.of(new InputColumn.Sequence("clicks", 2, 8, LENGTH), new InputColumn.Numeric("x"));

    /** What a row is made of. */
    private record Row(int a, int b, float x, int[] items) {
        /** Whether two categories go together, which neither of them says. */
        double interaction() {
            return (a + b) % 2;
        }

        /** Whether the newest item and the one before differ: a matter of order. */
        double order() {
            return items[items.length - 2] == items[items.length - 1] ? 0 : 1;
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void learnsWhatItIsFor(
            String name, List<InputColumn> columns, Architecture architecture, ToDoubleFunction<Row> label) {
        StepSpec spec = StepSpec.of(
                        new ModelSpec(columns, architecture, 1),
                        Loss.BINARY_CROSS_ENTROPY,
                        new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0, false))
                .microBatch(ROWS)
                .seed(5)
                .build();
        SplittableRandom random = new SplittableRandom(3);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            for (int i = 0; i < 400; i++) {
                fill(batch, spec.model(), random, label);
                step.accumulate(batch);
                step.step(0.02);
            }
            fill(batch, spec.model(), random, label);
            step.accumulate(batch);

            assertThat(accuracy(batch, step)).as(name).isGreaterThan(0.95);
        }
    }

    /** Rows that lie on a line are easy to describe by one number; rows beside it are not, and nobody had to say so. */
    @Test
    void autoencoderFindsWhatIsUnlikeTheRest() {
        StepSpec spec = StepSpec.of(
                        new ModelSpec(
                                List.of(new InputColumn.Numeric("x"), new InputColumn.Numeric("y")),
                                new Autoencoder(List.of(8, 1), Activation.TANH),
                                1),
                        Loss.RECONSTRUCTION,
                        new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0, false))
                .microBatch(ROWS)
                .seed(5)
                .build();
        SplittableRandom random = new SplittableRandom(3);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            batch.rows(ROWS);
            for (int i = 0; i < 600; i++) {
                for (int row = 0; row < ROWS; row++) {
                    float x = (float) random.nextDouble(-1, 1);
                    boolean odd = i == 599 && row % 2 == 1;
                    batch.dense().setAtIndex(JAVA_FLOAT, 2L * row, x);
                    batch.dense().setAtIndex(JAVA_FLOAT, 2L * row + 1, odd ? -x + Math.copySign(1, -x) : x);
                }
                step.accumulate(batch);
                step.step(0.01);
            }

            for (int row = 0; row < ROWS; row += 2) {
                double usual = step.predictions().getAtIndex(JAVA_FLOAT, row);
                double odd = step.predictions().getAtIndex(JAVA_FLOAT, row + 1L);
                assertThat(odd).isGreaterThan(10 * usual);
            }
        }
    }

    static Stream<Arguments> models() {
        return Stream.of(
                model("wide-deep", PAIR, new WideDeep(List.of(16), Activation.RELU), Row::interaction),
                model("deepfm", PAIR, new DeepFm(List.of(16), Activation.RELU), Row::interaction),
                model("dlrm", PAIR, new Dlrm(List.of(8), List.of(16), Activation.RELU), Row::interaction),
                model(
                        "dcn, version 2",
                        PAIR,
                        new DeepCross(2, Cross.Form.MATRIX, List.of(), Activation.RELU),
                        Row::interaction),
                model(
                        "dcn, version 1",
                        PAIR,
                        new DeepCross(2, Cross.Form.VECTOR, List.of(16), Activation.RELU),
                        Row::interaction),
                model(
                        "mlp with dropout and batch normalization",
                        PAIR,
                        new Architecture.Mlp(List.of(32), Activation.RELU, Normalization.BATCH, 0.1),
                        Row::interaction),
                model("gru", HISTORY, new GruModel(16, Truncation.NONE, List.of(), Activation.RELU), Row::order),
                model(
                        "transformer",
                        HISTORY,
                        new TransformerModel(1, 2, 16, 0, List.of(16), Activation.RELU),
                        Row::order));
    }

    private static Arguments model(
            String name, List<InputColumn> columns, Architecture architecture, ToDoubleFunction<Row> label) {
        return Arguments.of(name, columns, architecture, label);
    }

    private static void fill(MicroBatch batch, ModelSpec model, SplittableRandom random, ToDoubleFunction<Row> label) {
        batch.rows(ROWS);
        for (int i = 0; i < ROWS; i++) {
            Row row = new Row(
                    random.nextInt(CATEGORIES),
                    random.nextInt(CATEGORIES),
                    (float) random.nextGaussian(),
                    random.ints(LENGTH, 0, 2).toArray());
            batch.dense().setAtIndex(JAVA_FLOAT, i, row.x());
            if (model.sequences().isEmpty()) {
                batch.ids(0).setAtIndex(JAVA_INT, i, row.a());
                batch.ids(1).setAtIndex(JAVA_INT, i, row.b());
            } else {
                for (int item = 0; item < LENGTH; item++) {
                    batch.sequenceIds(0).setAtIndex(JAVA_INT, (long) i * LENGTH + item, row.items()[item]);
                }
                batch.sequenceLengths(0).setAtIndex(JAVA_INT, i, LENGTH);
            }
            batch.label().setAtIndex(JAVA_FLOAT, i, (float) label.applyAsDouble(row));
        }
    }

    private static double accuracy(MicroBatch batch, TrainingStep step) {
        int right = 0;
        for (int i = 0; i < ROWS; i++) {
            boolean predicted = step.predictions().getAtIndex(JAVA_FLOAT, i) > 0.5;
            right += predicted == (batch.label().getAtIndex(JAVA_FLOAT, i) > 0.5) ? 1 : 0;
        }
        return right / (double) ROWS;
    }
}
