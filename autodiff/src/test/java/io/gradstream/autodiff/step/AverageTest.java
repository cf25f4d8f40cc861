package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Loss;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AverageTest {
    private static final double DECAY = 0.9;

    @Test
    void servesTheAverageOfTheWeightsAfterEveryStep() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(OptionalDouble.of(DECAY)), device)) {
            assertThat(served(step)).isEqualTo((double) parameter(step, "linear.weight")[0]);
            double expected = Double.NaN;
            for (int i = 1; i <= 20; i++) {
                take(step, i);
                double weight = parameter(step, "linear.weight")[0];
                expected = i == 1 ? weight : DECAY * expected + (1 - DECAY) * weight;
                assertThat(served(step)).as("step %d", i).isCloseTo(expected, Offset.offset(1e-6));
            }
            assertThat(served(step)).isNotEqualTo((double) parameter(step, "linear.weight")[0]);
        }
    }

    @Test
    void changesNothingOfTheTraining() {
        try (Device device = Devices.one();
                TrainingStep with = new TrainingStep(spec(OptionalDouble.of(DECAY)), device);
                TrainingStep without = new TrainingStep(spec(OptionalDouble.empty()), device)) {
            for (int i = 0; i < 10; i++) {
                take(with, i);
                take(without, i);
            }
            assertThat(Batches.all(with)).containsExactly(Batches.all(without));
            assertThat(without.served().getFirst().values())
                    .containsExactly(without.parameters().getFirst().values());
        }
    }

    @Test
    void leavesASkippedStepOut() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(OptionalDouble.of(DECAY)), device)) {
            take(step, 1);
            take(step, 2);
            double before = served(step);
            take(step, Float.POSITIVE_INFINITY);
            assertThat(served(step)).isEqualTo(before);
        }
    }

    @Test
    void keepsWhatIsFrozenAsItIs() {
        StepSpec spec = spec(OptionalDouble.of(DECAY))
                .but()
                .groups(List.of(ParameterGroup.frozen("*.bias")))
                .build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            Batches.set(step, "linear.bias", 5);
            take(step, 1);
            assertThat(step.served().get(1).name()).isEqualTo("linear.bias");
            assertThat(step.served().get(1).values()).containsExactly(5);
        }
    }

    private static StepSpec spec(OptionalDouble average) {
        return Batches.spec(linear(1), Loss.MSE, OptimizerSpec.Adam.usual(), 1, 1)
                .but()
                .average(average)
                .build();
    }

    private static double served(TrainingStep step) {
        return step.served().getFirst().values()[0];
    }

    private static void take(TrainingStep step, float label) {
        try (MicroBatch batch = new MicroBatch(step.spec().model(), 1)) {
            fill(batch, new float[][] {{1}}, new float[] {label}, 0, 1);
            step.accumulate(batch);
            step.step(0.1);
        }
    }
}
