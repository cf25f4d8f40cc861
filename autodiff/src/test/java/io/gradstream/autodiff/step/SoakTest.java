package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thousands of steps of a network whose units have died; {@code gradstream bench soak} is the long form. */
class SoakTest {
    private static final int ROWS = 8;
    private static final int STEPS_ALIVE = 20;
    private static final int STEPS_DEAD = 9_000;

    static Stream<String> devices() {
        return Stream.of("cpu", "cpu without native code");
    }

    @ParameterizedTest
    @MethodSource("devices")
    void deadUnitsLeaveNoDenormalNumbersAndStepsTakeNoMemory(String name) {
        ModelSpec model = Batches.mlp(16, 1, Activation.RELU, 16);
        StepSpec spec = StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, new OptimizerSpec.Adam(0.9, 0.99, 1e-8, 0, false))
                .microBatch(ROWS)
                .seed(7)
                .build();
        CountingDevice device = new CountingDevice(
                Objects.requireNonNull(Devices.all().get(name)).get());
        try (device;
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, ROWS)) {
            Batches.fill(batch, Batches.rows(ROWS, 16), new float[ROWS], 0, ROWS);
            train(step, batch, STEPS_ALIVE);
            assertThat(moments(step, "mlp.0.weight")).anyMatch(moment -> moment != 0);
            float[] bias = new float[16];
            Arrays.fill(bias, -1000);
            Batches.set(step, "mlp.0.bias", bias);
            int taken = device.taken;
            train(step, batch, STEPS_DEAD);
            assertThat(device.taken).isEqualTo(taken);
            assertThat(moments(step, "mlp.")).noneMatch(SoakTest::isDenormal);
            assertThat(moments(step, "mlp.0.weight")).containsOnly(0f);
        }
    }

    private static boolean isDenormal(float value) {
        return value != 0 && Math.abs(value) < Float.MIN_NORMAL;
    }

    private static void train(TrainingStep step, MicroBatch batch, int steps) {
        for (int i = 0; i < steps; i++) {
            step.accumulate(batch);
            step.step(1e-3);
        }
    }

    /** The moments of parameters whose names begin so. */
    private static List<Float> moments(TrainingStep step, String prefix) {
        return step.snapshot().blocks().stream()
                .filter(block ->
                        block.name().startsWith("moment.") && block.name().contains("." + prefix))
                .flatMap(block -> Stream.of(boxed(block.bytes().toArray(JAVA_FLOAT))))
                .toList();
    }

    private static Float[] boxed(float[] values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return boxed;
    }

    /** A device that counts how often it is asked for memory or for a program. */
    private static final class CountingDevice extends ForwardingDevice {
        private int taken;

        CountingDevice(Device device) {
            super(device);
        }

        @Override
        public Memory allocate(long bytes) {
            taken++;
            return super.allocate(bytes);
        }

        @Override
        public Program compile(List<Call> calls) {
            taken++;
            return super.compile(calls);
        }
    }
}
