package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parameters that begin anew in the middle of training. */
class ReinitializeTest {
    private static final StepSpec SPEC =
            Batches.spec(Batches.mlp(3, 1, Activation.RELU, 8, 5), Loss.MSE, OptimizerSpec.Adam.usual(), 4, 1);

    @Test
    void givesFreshValuesAndNoMomentsToThoseThatMatch() {
        try (Device device = Devices.one();
                TrainingStep step = trained(device);
                TrainingStep fresh = new TrainingStep(SPEC, device)) {
            float[] kept = Batches.parameter(step, "mlp.0.weight");
            float[] before = Batches.parameter(step, "mlp.1.weight");
            assertThat(step.reinitialize(List.of("mlp.1.*"), 17)).containsExactly("mlp.1.weight", "mlp.1.bias");
            assertThat(Batches.parameter(step, "mlp.0.weight")).containsExactly(kept);
            assertThat(Batches.parameter(step, "mlp.1.weight"))
                    .isNotEqualTo(before)
                    .isNotEqualTo(Batches.parameter(fresh, "mlp.1.weight"));
            assertThat(moments(step, "mlp.1.weight")).containsOnly(0);
            assertThat(moments(step, "mlp.0.weight")).isNotEqualTo(new double[2 * kept.length]);
        }
    }

    @Test
    void isAFunctionOfItsNumber() {
        try (Device device = Devices.one();
                TrainingStep first = trained(device);
                TrainingStep second = trained(device);
                TrainingStep third = trained(device)) {
            first.reinitialize(List.of("*"), 17);
            second.reinitialize(List.of("*"), 17);
            third.reinitialize(List.of("*"), 18);
            assertThat(Batches.all(second)).containsExactly(Batches.all(first));
            assertThat(Arrays.equals(Batches.all(third), Batches.all(first))).isFalse();
        }
    }

    private static TrainingStep trained(Device device) {
        TrainingStep step = new TrainingStep(SPEC, device);
        try (MicroBatch batch = new MicroBatch(SPEC.model(), 4)) {
            Batches.fill(batch, Batches.rows(4, 3), new float[] {1, 2, 3, 4}, 0, 4);
            for (int i = 0; i < 3; i++) {
                step.accumulate(batch);
                step.step(0.01);
            }
        }
        return step;
    }

    private static double[] moments(TrainingStep step, String parameter) {
        return step.snapshot().blocks().stream()
                .filter(block ->
                        block.name().startsWith("moment.") && block.name().endsWith(parameter))
                .flatMapToDouble(block -> {
                    float[] values = block.bytes().toArray(ValueLayout.JAVA_FLOAT);
                    double[] doubles = new double[values.length];
                    for (int i = 0; i < values.length; i++) {
                        doubles[i] = values[i];
                    }
                    return Arrays.stream(doubles);
                })
                .toArray();
    }
}
