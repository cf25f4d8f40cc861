package io.gradstream.autodiff;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Every device that this module has, for suites that hold all of them to the reference. */
public final class Devices {

    private Devices() {}

    /** Devices by name; whoever opens one closes it. */
    public static Map<String, Supplier<Device>> all() {
        Map<String, Supplier<Device>> devices = new LinkedHashMap<>();
        devices.put("reference", ReferenceDevice::new);
        devices.put("cpu", CpuDevice::open);
        devices.put("cpu without native code", CpuDevice::withoutNativeCode);
        devices.put("cpu in plain Java", CpuDevice::plain);
        return devices;
    }
}
