package io.gradstream.autodiff;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Every device that suites hold to the reference: this module's own, or in another module's build those of its {@link DeviceSource}. */
public final class Devices {

    private Devices() {}

    /** Devices by name; whoever opens one closes it. */
    public static Map<String, Supplier<Device>> all() {
        Map<String, Supplier<Device>> devices = new LinkedHashMap<>();
        ServiceLoader.load(DeviceSource.class).forEach(source -> devices.putAll(source.devices()));
        return devices.isEmpty() ? own() : devices;
    }

    /** The device of which a suite needs but one: the fast one of this module, or of another module's build. Who asks closes it. */
    public static Device one() {
        return ServiceLoader.load(DeviceSource.class).stream()
                .flatMap(source -> source.get().devices().values().stream())
                .findFirst()
                .orElse(CpuDevice::open)
                .get();
    }

    private static Map<String, Supplier<Device>> own() {
        Map<String, Supplier<Device>> devices = new LinkedHashMap<>();
        devices.put("reference", ReferenceDevice::new);
        devices.put("cpu", CpuDevice::open);
        devices.put("cpu without native code", CpuDevice::withoutNativeCode);
        devices.put("cpu in plain Java", CpuDevice::plain);
        return devices;
    }
}
