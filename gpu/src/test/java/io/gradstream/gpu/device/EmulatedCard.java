package io.gradstream.gpu.device;

import io.gradstream.autodiff.DeviceSource;
import io.gradstream.autodiff.device.Device;
import io.gradstream.gpu.emulator.Emulator;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Map;
import java.util.function.Supplier;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/** The CUDA device on the emulated card, for the engine's own suites. */
public final class EmulatedCard implements DeviceSource {

    @Override
    public Map<String, Supplier<Device>> devices() {
        return Map.of("cuda", EmulatedCard::open);
    }

    /** Opens the device; whoever does closes it. */
    public static CudaDevice open() {
        Emulator emulator = Emulator.load();
        SymbolLookup.libraryLookup(emulator.cublas(12).resolveSibling("libcublasLt.so.12"), Arena.global());
        SymbolLookup.libraryLookup(emulator.cublas(12), Arena.global());
        JCudaDriver.setExceptionsEnabled(false);
        JCublas2.initialize();
        return CudaDevice.open(0, false);
    }
}
