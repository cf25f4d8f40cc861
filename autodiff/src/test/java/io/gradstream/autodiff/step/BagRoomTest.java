package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bags of any size must not make the batches of a ring disagree on their room, because each room is a plan of its own. */
class BagRoomTest {
    private static final ModelSpec MODEL = new ModelSpec(
            List.of(new InputColumn.Bag("tags", 40, 3, Combine.SUM), new InputColumn.Bag("words", 50, 2, Combine.MEAN)),
            new Architecture.Linear(),
            1);
    private static final StepSpec SPEC = Batches.spec(MODEL, Loss.MSE, OptimizerSpec.Sgd.plain(), 4, 1);

    @Test
    void roomOnlyDoubles() {
        try (MicroBatch batch = new MicroBatch(MODEL, 3)) {
            batch.ensureBagCapacity(0, 4);
            assertThat(batch.bagCapacity(0)).isEqualTo(6);
            batch.ensureBagCapacity(0, 25);
            assertThat(batch.bagCapacity(0)).isEqualTo(48);
            assertThat(batch.bagCapacity(1)).isEqualTo(3);
        }
    }

    @Test
    void batchesThatGrewDifferentlyShareAPlan() {
        try (CountingDevice device = new CountingDevice();
                TrainingStep step = new TrainingStep(SPEC, device);
                MicroBatch first = new MicroBatch(MODEL, 4);
                MicroBatch second = new MicroBatch(MODEL, 4)) {
            fill(first, 35, 5);
            train(step, first);
            fill(second, 7, 11);
            train(step, second);
            int before = device.programs;
            for (int i = 0; i < 3; i++) {
                fill(first, 33 + i, 6);
                train(step, first);
                fill(second, 5, 9 + i);
                train(step, second);
            }
            assertThat(device.programs).isEqualTo(before);
        }
    }

    @Test
    void roomDoesNotChangeWhatIsLearned() {
        try (Device device = Devices.one();
                TrainingStep tight = new TrainingStep(SPEC, device);
                TrainingStep roomy = new TrainingStep(SPEC, device);
                MicroBatch batch = new MicroBatch(MODEL, 4);
                MicroBatch large = new MicroBatch(MODEL, 4)) {
            fill(batch, 4, 4);
            tight.accumulate(batch);
            tight.step(0.1);
            fill(large, 4, 4);
            large.ensureBagCapacity(0, 100);
            roomy.accumulate(large);
            roomy.step(0.1);
            assertThat(Batches.all(roomy)).containsExactly(Batches.all(tight));

            tight.accumulate(batch);
            tight.step(0.1);
            roomy.accumulate(batch);
            roomy.step(0.1);
            assertThat(batch.bagCapacity(0)).isEqualTo(large.bagCapacity(0));
            assertThat(Batches.all(roomy)).containsExactly(Batches.all(tight));
        }
    }

    private static void train(TrainingStep step, MicroBatch batch) {
        step.accumulate(batch);
        step.step(0.1);
    }

    /** Four rows, the last of which has so many tags and words. */
    private static void fill(MicroBatch batch, int tags, int words) {
        batch.rows(4);
        bag(batch, 0, tags);
        bag(batch, 1, words);
    }

    private static void bag(MicroBatch batch, int bag, int count) {
        batch.ensureBagCapacity(bag, count);
        for (int i = 0; i < count; i++) {
            batch.bagIds(bag).setAtIndex(JAVA_INT, i, i % 40);
        }
        for (int row = 0; row < 4; row++) {
            batch.bagOffsets(bag).setAtIndex(JAVA_INT, row, 0);
        }
        batch.bagOffsets(bag).setAtIndex(JAVA_INT, 4, count);
    }

    /** A device that counts what it compiles. */
    private static final class CountingDevice extends ForwardingDevice {
        private int programs;

        CountingDevice() {
            super(Devices.one());
        }

        @Override
        public Program compile(List<Call> calls) {
            programs++;
            return super.compile(calls);
        }
    }
}
