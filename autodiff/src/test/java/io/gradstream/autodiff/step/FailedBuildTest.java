package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Loss;
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
        MeasuredDevice device = new MeasuredDevice(CpuDevice.open(), TallyLoss.class::isInstance);
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

    private static void assertNothingStays(Predicate<Kernel> refuses) {
        MeasuredDevice device = new MeasuredDevice(CpuDevice.open(), refuses);
        assertThatThrownBy(() -> new TrainingStep(SPEC, device)).hasMessage("refused");
        assertThat(device.bytes()).isZero();
        assertThat(device.programs()).isZero();
    }
}
