package io.gradstream.gpu.device;

import io.gradstream.autodiff.DeviceSource;
import io.gradstream.autodiff.device.Device;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.testing.Tool;
import java.util.Map;
import java.util.function.Supplier;

/** The CUDA device on the emulated card, for the engine's own suites; none where the emulator cannot be built. */
public final class EmulatedCard implements DeviceSource {

    @Override
    public Map<String, Supplier<Device>> devices() {
        return Tool.NATIVE_TOOLCHAIN.isPresent() ? Map.of("cuda", EmulatedCard::open) : Map.of();
    }

    /** Opens the device; whoever does closes it. */
    public static CudaDevice open() {
        Emulator.load();
        return CudaDevice.open(0, false);
    }
}
