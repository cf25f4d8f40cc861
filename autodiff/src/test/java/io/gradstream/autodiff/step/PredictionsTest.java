package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a training step predicts before it learns. */
class PredictionsTest {
    private static final int ROWS = 16;
    private static final int LENGTH = 5;
    private static final List<InputColumn> COLUMNS =
            List.of(new InputColumn.Numeric("x"), new InputColumn.Sequence("items", 9, 8, LENGTH));

    @SuppressWarnings("UnusedVariable") // the parameterized test reads it by name
    private static final List<DoubleFunction<Architecture>> MODELS = List.of(
            rate -> new Architecture.Mlp(List.of(12, 6), Activation.RELU, Normalization.LAYER, rate),
            rate -> new TransformerModel(2, 2, 12, rate, List.of(6), Activation.RELU));

    /** The model without dropout, given the same weights, is the oracle. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void knowNoDropout(DoubleFunction<Architecture> model) {
        try (Device device = Devices.one();
                TrainingStep dropping = step(model.apply(0.5), device);
                TrainingStep whole = step(model.apply(0), device);
                MicroBatch batch = new MicroBatch(whole.spec().model(), ROWS)) {
            for (int i = 0; i < 3; i++) {
                fill(batch, i);
                dropping.accumulate(batch);
                whole.accumulate(batch);

                assertThat(Batches.floats(dropping.predictions(), ROWS))
                        .containsExactly(Batches.floats(whole.predictions(), ROWS), within(1e-6f));
                dropping.step(0.1);
                whole.step(0.1);
                assertThat(Batches.all(dropping)).isNotEqualTo(Batches.all(whole));
                dropping.parameters().forEach(parameter -> Batches.set(whole, parameter.name(), parameter.values()));
            }
        }
    }

    private static TrainingStep step(Architecture architecture, Device device) {
        return new TrainingStep(
                Batches.spec(
                        new ModelSpec(COLUMNS, architecture, 1),
                        Loss.BINARY_CROSS_ENTROPY,
                        OptimizerSpec.Adam.decoupled(0.01),
                        ROWS,
                        1),
                device);
    }

    private static void fill(MicroBatch batch, int round) {
        batch.rows(ROWS);
        for (int row = 0; row < ROWS; row++) {
            batch.dense().setAtIndex(JAVA_FLOAT, row, (float) Math.sin(1 + row + 7.0 * round));
            batch.label().setAtIndex(JAVA_FLOAT, row, row % 2);
            batch.sequenceLengths(0).setAtIndex(JAVA_INT, row, row % (LENGTH + 1));
            for (int item = 0; item < LENGTH; item++) {
                batch.sequenceIds(0).setAtIndex(JAVA_INT, (long) row * LENGTH + item, (3 * row + item + round) % 9);
            }
        }
    }
}
