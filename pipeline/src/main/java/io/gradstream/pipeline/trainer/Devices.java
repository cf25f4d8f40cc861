package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.config.ConfigurationException;
import io.gradstream.config.DeviceChoice;
import io.gradstream.config.Precision;
import io.gradstream.config.yaml.Fault;
import io.gradstream.gpu.CudaDetection;
import io.gradstream.gpu.CudaUnavailableException;
import io.gradstream.gpu.device.CudaDevice;
import io.gradstream.gpu.driver.CudaException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the device that the configuration asks for. */
public final class Devices {
    private static final Logger log = LoggerFactory.getLogger(Devices.class);

    private Devices() {}

    /**
     * Checks that there is what the configuration asks for, without opening it.
     *
     * @throws ConfigurationException if it asks for a card that cannot be trained on
     */
    public static void check(DeviceChoice choice) {
        switch (choice) {
            case DeviceChoice.Auto _, DeviceChoice.Cpu _ -> {}
            case DeviceChoice.Cuda cuda ->
                CudaDetection.detect().whyNot(cuda.index()).ifPresent(why -> {
                    throw fault(cuda, why);
                });
        }
    }

    /** Opens it, with so many threads where it is the CPU, and for products of a precision. */
    public static Device open(DeviceChoice choice, int threads, Precision precision) {
        check(choice);
        boolean tensorFloats = precision == Precision.TF32;
        return switch (choice) {
            case DeviceChoice.Auto _ -> best(threads, tensorFloats);
            case DeviceChoice.Cpu _ -> CpuDevice.open(threads);
            case DeviceChoice.Cuda cuda -> card(cuda, tensorFloats);
        };
    }

    private static Device best(int threads, boolean tensorFloats) {
        Optional<String> whyNot = CudaDetection.detect().whyNot(0);
        if (whyNot.isEmpty()) {
            try {
                return CudaDevice.open(0, tensorFloats);
            } catch (CudaUnavailableException | CudaException e) {
                whyNot = Optional.of(String.valueOf(e.getMessage()));
            }
        }
        log.info("trains on the CPU: device=auto reason={}", whyNot.get());
        return CpuDevice.open(threads);
    }

    private static Device card(DeviceChoice.Cuda choice, boolean tensorFloats) {
        try {
            return CudaDevice.open(choice.index(), tensorFloats);
        } catch (CudaUnavailableException | CudaException e) {
            throw fault(choice, String.valueOf(e.getMessage()));
        }
    }

    private static ConfigurationException fault(DeviceChoice.Cuda choice, String why) {
        return new ConfigurationException(List.of(new Fault(
                "configuration",
                0,
                "training.device",
                "must be auto or cpu on this machine, because " + why,
                Optional.of(choice.toString()),
                Optional.empty())));
    }
}
