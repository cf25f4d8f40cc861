package io.gradstream.autodiff.step;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** A program that trains until its steps are compiled and prints how many bytes they allocate then. */
final class StepAllocationProbe {
    private static final int STEPS = 200;

    private StepAllocationProbe() {}

    public static void main(String[] arguments) {
        StepSpec spec = Batches.with(
                Batches.spec(
                        Batches.mlp(13, 1, Activation.RELU, 32, 17),
                        Loss.BINARY_CROSS_ENTROPY,
                        OptimizerSpec.Adam.usual(),
                        33,
                        2),
                new Clip.Norm(1));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        long allocated;
        try (TrainingStep step = new TrainingStep(spec, CpuDevice.open());
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            Batches.fill(batch, Batches.rows(33, 13), new float[33], 0, 33);
            do {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < STEPS; i++) {
                    step.accumulate(batch);
                    step.accumulate(batch);
                    step.step(1e-4);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            } while (allocated > 0 && System.nanoTime() < deadline);
        }
        System.out.println(allocated);
    }
}
