package io.gradstream.autodiff.plan;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;

/**
 * A program that replays a plan on a device until it is compiled and a run allocates no more than so many bytes, and prints how
 * many it allocates then. A busy machine compiles late, so it is given time.
 */
final class AllocationProbe {

    private static final int RUNS = 100;

    private AllocationProbe() {}

    public static void main(String[] arguments) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        long accepted = Long.parseLong(arguments[1]);
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
            } while (allocated > accepted * RUNS && System.nanoTime() < deadline);
        }
        System.out.println(Math.ceilDiv(allocated, RUNS));
    }
}
