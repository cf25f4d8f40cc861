package io.gradstream.gpu.device;

import io.gradstream.autodiff.DeviceSource;
import io.gradstream.autodiff.device.Device;
import io.gradstream.gpu.emulator.Emulator;
import java.util.Map;
import java.util.function.Supplier;

/** The CUDA device on the emulated card, for the engine's own suites. */
public final class EmulatedCard implements DeviceSource {

    @Override
    public Map<String, Supplier<Device>> devices() {
        return Map.of("cuda", EmulatedCard::open);
    }

    /** Opens the device; whoever does closes it. */
    public static CudaDevice open() {
        Emulator.load();
        return CudaDevice.open(0, false);
    }
}
