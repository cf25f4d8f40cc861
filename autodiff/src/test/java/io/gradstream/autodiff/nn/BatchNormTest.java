package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private static final double[] COUNTED = {1, 5, 3};

    @Test
    void countsOnlyTheRowsThatCount() {
        try (Batch batch = new Batch()) {
            double[] y = batch.run(new double[] {1, 5, 3, 1e6}, new double[] {1, 1, 1, 0});

            double deviation = Math.sqrt(8.0 / 3 + 1e-5);
            for (int i = 0; i < COUNTED.length; i++) {
                assertThat(y[i]).isCloseTo((COUNTED[i] - 3) / deviation, within(1e-6));
            }
            assertThat(batch.state("running_mean")).isCloseTo(0.1 * 3, within(1e-7));
            assertThat(batch.state("running_var")).isCloseTo(0.9 + 0.1 * 4, within(1e-7));
        }
    }

    @Test
    void keepsItsStatisticsWhereNoRowCounts() {
        try (Batch batch = new Batch()) {
            batch.run(new double[] {1, 5, 3, 2}, new double[4]);

            assertThat(batch.state("running_mean")).isZero();
            assertThat(batch.state("running_var")).isOne();
        }
    }

    @Test
    void keepsItsStatisticsWhereABatchIsNotFinite() {
        try (Batch batch = new Batch()) {
            batch.run(new double[] {1, Double.POSITIVE_INFINITY, 3, 2}, new double[] {1, 1, 1, 1});

            assertThat(batch.state("running_mean")).isZero();
            assertThat(batch.state("running_var")).isOne();
        }
    }

    /** One column of four rows in training mode. */
    private static final class Batch implements AutoCloseable {
        private final Device device = new ReferenceDevice();
        private final Tensor y;
        private final Plan plan;

        Batch() {
            Tape tape = Tape.recording();
            Tensor x = tape.input("x", TensorType.of(DType.F32, 4, 1));
            Tensor counts = tape.input("counts", TensorType.of(DType.F32, 4));
            y = new BatchNorm().forward(x, counts, Parameters.on(tape, 7, Mode.TRAINING));
            plan = Plan.compile(tape, device, y);
            Transfer.write(device, plan.input("weight"), 1);
            Transfer.write(device, plan.input("running_var"), 1);
        }

        double[] run(double[] x, double[] counts) {
            Transfer.write(device, plan.input("x"), x);
            Transfer.write(device, plan.input("counts"), counts);
            plan.run();
            return Transfer.read(device, plan.buffer(y));
        }

        double state(String name) {
            return Transfer.read(device, plan.input(name))[0];
        }

        @Override
        public void close() {
            plan.close();
            device.close();
        }
    }
}
