package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that are taken before those before them are reported, and steps that end with their last micro-batch. */
class StepsAheadTest {
    private static final double RATE = 0.01;
    private static final float BROKEN = Float.POSITIVE_INFINITY;

    @ParameterizedTest
    @EnumSource
    void aStepIsTheSameWhetherItsEndComesWithItsLastMicroBatchOrBehindIt(AllocationCase network) {
        try (Device device = Devices.one();
                Device slow = new SlowlyStarting(Devices.one());
                TrainingStep apart = new TrainingStep(network.spec(), device);
                TrainingStep joined = new TrainingStep(network.spec(), slow)) {
            for (int i = 0; i < 6; i++) {
                float first = i == 3 ? BROKEN : 1;
                Drill.accumulate(apart, i, first, RATE);
                List<Double> expected = Drill.figures(apart.step(RATE));
                Drill.take(joined, i, first, RATE);
                assertThat(Drill.figures(joined.report())).as("step %s", i).isEqualTo(expected);
            }
            assertThat(Drill.blocks(joined)).isEqualTo(Drill.blocks(apart));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReportedLateIsTheSame(AllocationCase network) {
        try (Device device = Devices.one();
                TrainingStep each = new TrainingStep(network.spec(), device);
                TrainingStep ahead = new TrainingStep(network.spec(), device)) {
            int most = network.spec().inspectEvery() > 0 ? 1 : 8;
            for (int round = 0; round < 2; round++) {
                List<List<Double>> expected = new ArrayList<>();
                List<List<Double>> late = new ArrayList<>();
                for (int i = 0; i < most; i++) {
                    int number = round * most + i;
                    Drill.accumulate(each, number, number == 2 ? BROKEN : 1, RATE);
                    expected.add(Drill.figures(each.step(RATE)));
                    Drill.take(ahead, number, number == 2 ? BROKEN : 1, RATE);
                }
                while (ahead.reportsDue() > 0) {
                    late.add(Drill.figures(ahead.report()));
                }
                assertThat(late).isEqualTo(expected);
            }
            assertThat(Drill.blocks(ahead)).isEqualTo(Drill.blocks(each));
        }
    }

    @Test
    void reportsAreTheSameWhenTheNextStepHasBegun() {
        StepSpec spec = AllocationCase.RELU.spec();
        try (Device device = Devices.one();
                TrainingStep each = new TrainingStep(spec, device);
                TrainingStep ahead = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            List<List<Double>> expected = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Drill.accumulate(each, i, 1, RATE);
                expected.add(Drill.figures(each.step(RATE)));
            }
            for (int i = 0; i < 8; i++) {
                Drill.take(ahead, i, 1, RATE);
            }
            Drill.fill(batch, spec, 8, 1);
            ahead.accumulate(batch, RATE);
            List<List<Double>> late = new ArrayList<>();
            while (ahead.reportsDue() > 0) {
                late.add(Drill.figures(ahead.report()));
            }
            for (int i = 1; i < spec.accumulate(); i++) {
                Drill.fill(batch, spec, 8 + i, 1);
                ahead.accumulate(batch, RATE);
            }
            late.add(Drill.figures(ahead.step(RATE)));
            assertThat(late).isEqualTo(expected);
            assertThat(ahead.spec().accumulate())
                    .as("so that there is a noise scale")
                    .isGreaterThan(1);
        }
    }

    @Test
    void saysWhatMustBeReportedFirst() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(AllocationCase.RELU.spec(), device)) {
            assertThatIllegalStateException()
                    .isThrownBy(step::report)
                    .withMessage("a step must be taken before it is reported: steps=0");
            for (int i = 0; i < 8; i++) {
                Drill.take(step, i, 1, RATE);
            }
            assertThat(step.reportsDue()).isEqualTo(8);
            assertThatIllegalStateException()
                    .isThrownBy(() -> Drill.take(step, 8, 1, RATE))
                    .withMessage("steps must be reported before others are taken: due=8");
            assertThatIllegalStateException()
                    .isThrownBy(step::snapshot)
                    .withMessage("every step must be reported before: due=8");
            assertThatIllegalStateException().isThrownBy(step::undo);
            assertThatIllegalStateException().isThrownBy(() -> step.step(RATE));
            while (step.reportsDue() > 0) {
                step.report();
            }
            assertThatIllegalStateException()
                    .as("rows that came while reports were due")
                    .isThrownBy(step::undo)
                    .withMessageStartingWith("a step must be seen from its first row to be undone");
            step.step(RATE);
            Drill.accumulate(step, 9, 1, RATE);
            step.undo();
            assertThat(step.pendingRows()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXACT_TABLES", "RELU"})
    void predictionsOfEveryMicroBatchAreThereWhenTheStepIsTaken(AllocationCase network) {
        StepSpec spec = network.spec().but().accumulate(3).build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            Drill.accumulate(step, 0, 1, RATE);
            List<float[]> during = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                during.add(Batches.floats(step.predictions(i), spec.microBatch()));
            }
            step.step(RATE);
            for (int i = 0; i < 3; i++) {
                assertThat(Batches.floats(step.predictions(i), spec.microBatch()))
                        .containsExactly(during.get(i));
            }
            assertThat(during.get(0)).isNotEqualTo(during.get(2));
            assertThatIllegalStateException()
                    .isThrownBy(() -> step.losses(3))
                    .withMessage("a micro-batch must have been accumulated: microBatch=3 microBatches=3");
        }
    }
}
