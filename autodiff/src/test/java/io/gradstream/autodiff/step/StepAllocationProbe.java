package io.gradstream.autodiff.step;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import java.lang.management.ManagementFactory;

/**
 * A program that trains an {@link AllocationCase} until a stretch of steps allocates nothing, and prints how many bytes the last stretch
 * has allocated. It gives up after a number of steps, not after a time: to be run with a compiler that makes it wait.
 */
final class StepAllocationProbe {
    private static final int STEPS = 3_000;
    private static final int STRETCHES = 50;

    private StepAllocationProbe() {}

    public static void main(String[] arguments) {
        AllocationCase network = AllocationCase.valueOf(arguments[0]);
        StepSpec spec = network.spec();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        try (CpuDevice device = CpuDevice.open();
                TrainingStep step = new TrainingStep(spec, device);
                SnapshotRing ring = new SnapshotRing(step, 2);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            network.prepare(step);
            AllocationCase.fill(batch, spec);
            for (int stretch = 0; stretch < STRETCHES && allocated > 0; stretch++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < STEPS; i++) {
                    for (int part = 0; part < spec.accumulate(); part++) {
                        step.accumulate(batch, 1e-4);
                    }
                    step.step(1e-4);
                    ring.take();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
        }
        System.out.println(allocated);
    }
}
