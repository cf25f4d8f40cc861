package io.gradstream.autodiff.plan;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;

/**
 * A program that replays a plan on a device until it is compiled, for so many seconds at most, and prints how many bytes a run
 * allocates then.
 */
final class AllocationProbe {

    private static final int RUNS = 100;

    private AllocationProbe() {}

    public static void main(String[] arguments) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long deadline = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[1])).toNanos();
        long allocated;
        try (Device device =
                        Objects.requireNonNull(Devices.all().get(arguments[0])).get();
                Plan plan = SmallNetwork.compile(device)) {
            do {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RUNS; i++) {
                    plan.run();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            } while (allocated > 0 && System.nanoTime() < deadline);
        }
        System.out.println(Math.ceilDiv(allocated, RUNS));
    }
}
