package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.TallyLoss;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A step that cannot be built on a device leaves nothing behind on it. */
class FailedBuildTest {
    private static final StepSpec SPEC =
            Batches.spec(Visits.model(50, 10), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual(), 6, 2);

    @Test
    void freesEverythingWhenThePlanOfAStepCannotBeCompiled() {
        assertNothingStays(ScaleAndClip.class::isInstance);
    }

    @Test
    void freesEverythingWhenALaterPlanCannotBeCompiled() {
        int[] seen = new int[1];
        assertNothingStays(kernel -> kernel instanceof RowsHealth && ++seen[0] > 2);
    }

    @Test
    void freesEverythingWhenTheMicroBatchCannotBeCompiled() {
        try (MeasuredDevice device = new MeasuredDevice(Devices.one(), TallyLoss.class::isInstance)) {
            try (TrainingStep step = new TrainingStep(SPEC, device)) {
                long bytes = device.bytes();
                int programs = device.programs();
                assertThatThrownBy(() -> Visits.accumulate(step, Visits.of(6, 1, 2), 6))
                        .hasMessage("refused");
                assertThat(device.bytes()).isEqualTo(bytes);
                assertThat(device.programs()).isEqualTo(programs);
            }
            assertThat(device.bytes()).isZero();
            assertThat(device.programs()).isZero();
        }
    }

    @Test
    void freesEverythingWhicheverAllocationOrWriteFails() {
        int allowed = 0;
        for (boolean built = false; !built; allowed++) {
            try (MeasuredDevice device = new MeasuredDevice(Devices.one())) {
                device.allow(allowed);
                built = builds(device);
                assertThat(device.bytes()).as("after %d", allowed).isZero();
                assertThat(device.programs()).as("after %d", allowed).isZero();
            }
        }
        assertThat(allowed).isGreaterThan(10);
    }

    private static boolean builds(Device device) {
        try {
            new TrainingStep(SPEC, device).close();
            return true;
        } catch (OutOfMemoryError refused) {
            return false;
        }
    }

    @Test
    void keepsWhatItHasWhenItCannotGrow() {
        for (int allowed = 0; allowed < 2; allowed++) {
            ParameterSpec table = new ParameterSpec("table", Shape.of(100, 4), new Initializer.Constant(0));
            try (MeasuredDevice device = new MeasuredDevice(Devices.one())) {
                try (RowGradients gradients = new RowGradients(device, table, 2)) {
                    long bytes = device.bytes();
                    device.allow(allowed);
                    assertThatThrownBy(() -> gradients.grow(50)).hasMessage("refused");
                    assertThat(device.bytes()).isEqualTo(bytes);
                    assertThat(gradients.hasRoom(50)).isFalse();
                }
                assertThat(device.bytes()).isZero();
            }
        }
    }

    private static void assertNothingStays(Predicate<Kernel> refuses) {
        try (MeasuredDevice device = new MeasuredDevice(Devices.one(), refuses)) {
            assertThatThrownBy(() -> new TrainingStep(SPEC, device)).hasMessage("refused");
            assertThat(device.bytes()).isZero();
            assertThat(device.programs()).isZero();
        }
    }
}
