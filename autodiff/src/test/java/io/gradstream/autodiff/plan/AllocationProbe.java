package io.gradstream.autodiff.plan;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import java.lang.management.ManagementFactory;
import java.util.Objects;

/**
 * A program that replays a plan on a device until some runs allocate nothing, and prints how many bytes the last of them have allocated. It
 * gives up after a number of runs, not after a time: to be run with a compiler that makes it wait.
 */
final class AllocationProbe {
    private static final int RUNS = 1_000;
    private static final int STRETCHES = 200;

    private AllocationProbe() {}

    public static void main(String[] arguments) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        try (Device device =
                        Objects.requireNonNull(Devices.all().get(arguments[0])).get();
                Plan plan = SmallNetwork.compile(device)) {
            for (int stretch = 0; stretch < STRETCHES && allocated > 0; stretch++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RUNS; i++) {
                    plan.run();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
        }
        System.out.println(allocated);
    }
}
