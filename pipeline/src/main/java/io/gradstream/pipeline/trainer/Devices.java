package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.config.DeviceChoice;
import io.gradstream.gpu.CudaDetection;

/** Opens the device that the configuration asks for, with so many threads where it is the CPU. */
public final class Devices {
    private Devices() {}

    public static Device open(DeviceChoice choice, int threads) {
        return switch (choice) {
            case DeviceChoice.Auto _, DeviceChoice.Cpu _ -> CpuDevice.open(threads);
            case DeviceChoice.Cuda _ ->
                throw new IllegalStateException("device cannot be used: device=" + choice + " reason="
                        + CudaDetection.detect().reason());
        };
    }
}
