package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Loss;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One run goes straight on; the other sees rows that it is told to forget. */
class UndoTest {
    private static final double RATE = 0.01;
    private static final int ASTRAY = 100;

    @ParameterizedTest
    @EnumSource
    void goesOnAsIfRowsHadNeverCome(AllocationCase network) {
        StepSpec spec = network.spec();
        try (Device device = Devices.one();
                TrainingStep clean = new TrainingStep(spec, device);
                TrainingStep astray = new TrainingStep(spec, device)) {
            train(clean, 0, 3);
            train(astray, 0, 3);
            accumulate(astray, ASTRAY, 1);
            astray.undo();
            assertSame(astray, clean);
            assertThat(train(astray, 3, 5)).isEqualTo(train(clean, 3, 5));
            accumulate(astray, ASTRAY + 1, Float.POSITIVE_INFINITY);
            assertThat(astray.step(RATE).overflow()).isTrue();
            astray.undo();
            assertSame(astray, clean);
            assertThat(train(astray, 5, 9)).isEqualTo(train(clean, 5, 9));
            assertSame(astray, clean);
        }
    }

    @ParameterizedTest
    @EnumSource
    void triesRowsWithoutATrace(AllocationCase network) {
        StepSpec spec = network.spec();
        try (Device device = Devices.one();
                TrainingStep clean = new TrainingStep(spec, device);
                TrainingStep trying = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            train(clean, 0, 3);
            train(trying, 0, 3);
            Drill.fill(batch, spec, ASTRAY, 1);
            assertThat(trying.isFinite(List.of(batch), RATE, trying.lossScale()))
                    .isTrue();
            Drill.fill(batch, spec, ASTRAY, Float.POSITIVE_INFINITY);
            assertThat(trying.isFinite(List.of(batch), RATE, 1)).isFalse();
            assertSame(trying, clean);
            assertThat(train(trying, 3, 6)).isEqualTo(train(clean, 3, 6));
        }
    }

    @Test
    void rowsThatWeighNothingAreFiniteUnlessTheirGradientIsNot() {
        StepSpec spec = Batches.spec(Batches.linear(3), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Sgd.plain(), 2, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 2)) {
            Batches.fill(batch, Batches.rows(2, 3), new float[] {0, 1}, 0, 2);
            Batches.weights(batch, 0, 0);
            assertThat(step.isFinite(List.of(batch), RATE, 1)).isTrue();
            batch.dense().setAtIndex(JAVA_FLOAT, 0, Float.NaN);
            assertThat(step.isFinite(List.of(batch), RATE, 1)).isFalse();
        }
    }

    @Test
    void doesNothingWhereNothingHasCome() {
        StepSpec spec = AllocationCase.RELU.spec();
        try (Device device = Devices.one();
                TrainingStep clean = new TrainingStep(spec, device);
                TrainingStep step = new TrainingStep(spec, device)) {
            train(clean, 0, 2);
            train(step, 0, 2);
            step.undo();
            step.undo();
            assertSame(step, clean);
        }
    }

    @Test
    void cannotUndoAStepWhoseBeginningItHasNotSeen() {
        StepSpec spec = AllocationCase.EXACT_TABLES.spec();
        try (Device device = Devices.one();
                TrainingStep first = new TrainingStep(spec, device);
                TrainingStep second = new TrainingStep(spec, device)) {
            accumulate(first, 0, 1);
            second.restore(first.snapshot());
            long rows = second.pendingRows();
            assertThatIllegalStateException()
                    .isThrownBy(second::undo)
                    .withMessage("a step must be seen from its first row to be undone: pendingRows=" + rows);
            second.step(RATE);
            accumulate(second, 1, 1);
            second.undo();
            assertThat(second.pendingRows()).isZero();
        }
    }

    /** Takes the steps of some numbers, and returns everything the reports say. */
    private static List<Double> train(TrainingStep step, int from, int to) {
        List<Double> figures = new ArrayList<>();
        for (int i = from; i < to; i++) {
            accumulate(step, i, 1);
            figures.addAll(Drill.figures(step.step(RATE)));
        }
        return figures;
    }

    private static void accumulate(TrainingStep step, int number, float first) {
        Drill.accumulate(step, number, first, RATE);
    }

    private static void assertSame(TrainingStep actual, TrainingStep expected) {
        assertThat(Drill.blocks(actual)).containsExactlyInAnyOrderEntriesOf(Drill.blocks(expected));
    }
}
