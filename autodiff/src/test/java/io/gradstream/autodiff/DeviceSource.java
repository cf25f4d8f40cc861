package io.gradstream.autodiff;

import io.gradstream.autodiff.device.Device;
import java.util.Map;
import java.util.function.Supplier;

/** Devices of another module that the suites of this one are to hold to the reference: found by {@link java.util.ServiceLoader}. */
public interface DeviceSource {

    /** Devices by name; whoever opens one closes it. */
    Map<String, Supplier<Device>> devices();
}
