package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.config.DeviceChoice;
import io.gradstream.gpu.CudaDetection;

/** Opens the device that the configuration asks for. */
public final class Devices {
    private Devices() {}

    public static Device open(DeviceChoice choice) {
        return switch (choice) {
            case DeviceChoice.Auto _, DeviceChoice.Cpu _ -> CpuDevice.open();
            case DeviceChoice.Cuda _ ->
                throw new IllegalStateException("device cannot be used: device=" + choice + " reason="
                        + CudaDetection.detect().reason());
        };
    }
}
