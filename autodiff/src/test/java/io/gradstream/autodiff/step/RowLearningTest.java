package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.RowLoss;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Learning row by row, held to steps of one row. */
class RowLearningTest {
    private static final double RATE = 0.05;
    private static final int ROWS = 60;
    private static final int WIDTH = 19;
    private static final ModelSpec MIXED = new ModelSpec(
            List.of(
                    new InputColumn.Numeric("a"),
                    new InputColumn.Categorical("site", 11, 3),
                    new InputColumn.Numeric("b"),
                    new InputColumn.Bag("tags", 7, 2, Combine.MEAN)),
            new Architecture.Linear(),
            1);

    @TestFactory
    Stream<DynamicTest> learnsWhatStepsOfOneRowLearn() {
        return Devices.all().entrySet().stream()
                .flatMap(device -> Stream.of(
                                spec(numbers(1), Loss.BINARY_CROSS_ENTROPY),
                                spec(numbers(1), Loss.MSE),
                                spec(numbers(3), Loss.CROSS_ENTROPY),
                                spec(MIXED, Loss.BINARY_CROSS_ENTROPY))
                        .flatMap(spec -> Stream.of(
                                spec, spec.but().clip(new Clip.Norm(0.3)).build()))
                        .map(spec -> dynamicTest(
                                device.getKey() + " " + spec.loss() + " " + spec.clip() + " "
                                        + spec.model().inputs().size(),
                                () -> learnsWhatStepsOfOneRowLearn(
                                        spec, device.getValue().get()))));
    }

    private static void learnsWhatStepsOfOneRowLearn(StepSpec spec, Device device) {
        StepSpec byRow =
                spec.but().updates(Updates.ROW).microBatch(8).accumulate(2).build();
        StepSpec oneRow = spec.but().microBatch(1).build();
        try (device;
                TrainingStep fast = new TrainingStep(byRow, device);
                TrainingStep slow = new TrainingStep(oneRow, device);
                MicroBatch batch = new MicroBatch(spec.model(), 8);
                MicroBatch row = new MicroBatch(spec.model(), 1)) {
            for (int from = 0; from < ROWS; from += 8) {
                int to = Math.min(ROWS, from + 8);
                fill(batch, spec.model(), from, to);
                fast.accumulate(batch, RATE);
                for (int i = from; i < to; i++) {
                    fill(row, spec.model(), i, i + 1);
                    slow.accumulate(row);
                    slow.step(RATE);
                    int outputs = spec.model().outputs();
                    for (int k = 0; k < outputs; k++) {
                        assertThat(fast.predictions().getAtIndex(JAVA_FLOAT, (long) (i - from) * outputs + k))
                                .isCloseTo(slow.predictions().getAtIndex(JAVA_FLOAT, k), within(2e-5f));
                    }
                    assertThat(fast.losses().getAtIndex(JAVA_FLOAT, i - from))
                            .isCloseTo(slow.losses().getAtIndex(JAVA_FLOAT, 0), within(1e-4f));
                }
                if (from % 16 != 0) {
                    fast.step(RATE);
                }
            }
            assertThat(Batches.all(fast)).usingComparatorWithPrecision(2e-5f).containsExactly(Batches.all(slow));
        }
    }

    @Test
    void leavesOutARowThatIsNotFinite() {
        StepSpec spec = spec(numbers(1), Loss.MSE)
                .but()
                .updates(Updates.ROW)
                .microBatch(4)
                .build();
        try (Device device = Devices.one();
                TrainingStep poisoned = new TrainingStep(spec, device);
                TrainingStep without = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            fill(batch, spec.model(), 0, 4);
            batch.dense().setAtIndex(JAVA_FLOAT, WIDTH, Float.POSITIVE_INFINITY);
            poisoned.accumulate(batch, RATE);
            fill(batch, spec.model(), 0, 4);
            Batches.weights(batch, 1, 0, 1, 1);
            without.accumulate(batch, RATE);

            assertThat(Batches.all(poisoned)).containsExactly(Batches.all(without));
            StepReport report = poisoned.step(RATE);
            assertThat(report.overflow()).isTrue();
            assertThat(report.loss()).isEqualTo(without.step(RATE).loss()).isFinite();
            assertThat(report.weight()).isEqualTo(3);
            fill(batch, spec.model(), 0, 4);
            poisoned.accumulate(batch, RATE);
            assertThat(poisoned.step(RATE).overflow()).isFalse();
        }
    }

    /** With a learning rate of 0 the gradients of all rows are those of the first weights. */
    @Test
    void reportsTheRootMeanSquareOfItsRows() {
        StepSpec spec = spec(numbers(1), Loss.MSE)
                .but()
                .updates(Updates.ROW)
                .microBatch(3)
                .build();
        StepSpec single = spec(numbers(1), Loss.MSE).but().microBatch(1).build();
        try (Device device = Devices.one();
                TrainingStep rows = new TrainingStep(spec, device);
                TrainingStep one = new TrainingStep(single, device);
                MicroBatch batch = new MicroBatch(spec.model(), 3);
                MicroBatch row = new MicroBatch(spec.model(), 1)) {
            double squares = 0;
            for (int i = 0; i < 3; i++) {
                fill(row, spec.model(), i, i + 1);
                one.accumulate(row);
                squares += Math.pow(one.step(0).gradientNorm(), 2);
            }
            fill(batch, spec.model(), 0, 3);
            rows.accumulate(batch, 0);
            StepReport report = rows.step(0);
            assertThat(report.gradientNorm()).isCloseTo(Math.sqrt(squares / 3), within(1e-5));
            assertThat(report.layers().getFirst().updateRatio()).isZero();
            assertThat(report.layers().getFirst().weightNorm()).isPositive();
        }
    }

    @Test
    void goesOnBitForBitFromTheMiddleOfAStep() {
        StepSpec spec = spec(MIXED, Loss.BINARY_CROSS_ENTROPY)
                .but()
                .updates(Updates.ROW)
                .microBatch(8)
                .accumulate(2)
                .build();
        try (Device device = Devices.one();
                TrainingStep first = new TrainingStep(spec, device);
                TrainingStep second = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 8)) {
            fill(batch, spec.model(), 0, 8);
            first.accumulate(batch, RATE);
            second.restore(first.snapshot());
            fill(batch, spec.model(), 8, 16);
            first.accumulate(batch, RATE);
            second.accumulate(batch, RATE);
            assertThat(second.step(RATE).gradientNorm())
                    .isEqualTo(first.step(RATE).gradientNorm());
            assertThat(Batches.all(second)).containsExactly(Batches.all(first));
        }
    }

    @Test
    void refusesWhatDoesNotLearnRowByRow() {
        StepSpec.Builder adam =
                StepSpec.of(numbers(1), Loss.MSE, OptimizerSpec.Adam.usual()).updates(Updates.ROW);
        assertThatThrownBy(adam::build)
                .hasMessageStartingWith("rows learn one after the other in linear models by sgd");
        StepSpec.Builder deep =
                spec(Batches.mlp(WIDTH, 1, Activation.RELU, 4), Loss.MSE).but().updates(Updates.ROW);
        assertThatThrownBy(deep::build)
                .hasMessageStartingWith("rows learn one after the other in linear models by sgd");
        StepSpec spec = rows(numbers(1), Loss.MSE).microBatch(1).build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            fill(batch, spec.model(), 0, 1);
            assertThatThrownBy(() -> step.accumulate(batch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("rows that learn one after the other need the learning rate with them");
        }
    }

    @Test
    void refusesBeforeTheFirstRowWhatItCannotDo() {
        for (StepSpec.Builder weighted : List.of(
                rows(numbers(1), new Loss.BinaryCrossEntropy(2)),
                rows(numbers(3), new Loss.CrossEntropy(0.1, List.of())),
                rows(numbers(3), new Loss.CrossEntropy(0, List.of(1.0, 2.0, 3.0))),
                rows(numbers(1), Loss.RECONSTRUCTION))) {
            assertThatThrownBy(weighted::build).hasMessageStartingWith("rows learn by losses of a label, without");
        }
        for (ParameterGroup group : List.of(
                ParameterGroup.frozen("linear.bias"),
                new ParameterGroup("linear.bias", 1, OptionalDouble.of(0.1), false))) {
            assertThatThrownBy(rows(numbers(1), Loss.MSE).groups(List.of(group))::build)
                    .hasMessageStartingWith("groups may change only the learning rate when rows learn");
        }
        ModelSpec sequence =
                new ModelSpec(List.of(new InputColumn.Sequence("items", 9, 2, 3)), new Architecture.Linear(), 1);
        assertThatThrownBy(rows(sequence, Loss.MSE)::build)
                .hasMessage("rows that learn one after the other have no sequences: column=items");
    }

    /** σ(40) is 1 in double, but the error of the label 1 is not 0. */
    @Test
    void learnsALittleFromWhatIsAlmostRight() {
        double[] slopes = new double[1];
        new RowLoss.Logistic().apply(new double[] {40}, 1, slopes);
        assertThat(slopes[0]).isCloseTo(-Math.exp(-40), within(1e-30));
    }

    private static StepSpec.Builder rows(ModelSpec model, Loss loss) {
        return spec(model, loss).but().updates(Updates.ROW);
    }

    private static StepSpec spec(ModelSpec model, Loss loss) {
        return Batches.spec(model, loss, OptimizerSpec.Sgd.plain(), 1, 1);
    }

    private static ModelSpec numbers(int outputs) {
        return new ModelSpec(Batches.numerics(WIDTH), new Architecture.Linear(), outputs);
    }

    private static void fill(MicroBatch batch, ModelSpec model, int from, int to) {
        boolean mixed = model.equals(MIXED);
        float[] labels = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i * 7 % 3 == 0 ? 1 : 0;
        }
        Batches.fill(batch, Batches.rows(ROWS, mixed ? 2 : WIDTH), labels, from, to);
        batch.resetWeights();
        if (model.outputs() > 1) {
            for (int i = from; i < to; i++) {
                batch.label().setAtIndex(JAVA_INT, i - from, i % 3);
            }
        }
        if (mixed) {
            fillIds(batch, from, to);
        }
    }

    /** Row i has id i² mod 11 and i mod 3 tags. */
    private static void fillIds(MicroBatch batch, int from, int to) {
        batch.ensureBagCapacity(0, 2 * (to - from));
        int tags = 0;
        for (int i = from; i < to; i++) {
            batch.ids(0).setAtIndex(JAVA_INT, i - from, i * i % 11);
            batch.bagOffsets(0).setAtIndex(JAVA_INT, i - from, tags);
            for (int tag = 0; tag < i % 3; tag++) {
                batch.bagIds(0).setAtIndex(JAVA_INT, tags++, (i + 3 * tag) % 7);
            }
        }
        batch.bagOffsets(0).setAtIndex(JAVA_INT, to - from, tags);
    }
}
