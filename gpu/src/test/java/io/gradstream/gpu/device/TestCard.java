package io.gradstream.gpu.device;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.gradstream.autodiff.DeviceSource;
import io.gradstream.autodiff.device.Device;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.testing.Tool;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The card that tests run on: the emulated one, or a real one whose number the property {@code gradstream.gpu.card} gives. Where the emulator
 * cannot be built, tests of suites that ask for it are skipped.
 */
public final class TestCard implements DeviceSource {
    private static final Optional<Integer> REAL =
            Optional.ofNullable(System.getProperty("gradstream.gpu.card")).map(Integer::valueOf);

    private static final boolean EMULATED = REAL.isEmpty() && Tool.NATIVE_TOOLCHAIN.isPresent();

    @Override
    public Map<String, Supplier<Device>> devices() {
        return Map.of("cuda", TestCard::open);
    }

    /** Whether the card that tests run on is one of the emulator's. */
    static boolean isEmulated() {
        return EMULATED;
    }

    /** Opens the device; whoever does closes it. */
    public static CudaDevice open() {
        return open(false);
    }

    /** Opens it, with products of floats in TF32 if wanted. */
    public static CudaDevice open(boolean tensorFloats) {
        if (REAL.isEmpty()) {
            assumeThat(EMULATED).as("a native toolchain for the emulator").isTrue();
            Emulator.load();
        }
        return CudaDevice.open(REAL.orElse(0), tensorFloats);
    }
}
