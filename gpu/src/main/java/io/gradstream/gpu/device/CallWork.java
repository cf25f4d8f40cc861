package io.gradstream.gpu.device;

import io.gradstream.gpu.driver.Stream;
import java.util.List;

/**
 * The work of one call, in its order.
 *
 * @param multiplies whether cuBLAS does some of it, which works on the device's own stream only
 */
record CallWork(List<Work> work, boolean multiplies) implements Work {

    CallWork {
        work = List.copyOf(work);
    }

    @Override
    public void enqueue(Stream on) {
        for (Work each : work) {
            each.enqueue(on);
        }
    }
}
