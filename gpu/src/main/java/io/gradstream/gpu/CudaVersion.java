package io.gradstream.gpu;

/** A CUDA version as the driver counts it: {@code 1000 * major + 10 * minor}. */
public record CudaVersion(int code) {
    /** The oldest driver that compiles our kernels: 525. */
    static final CudaVersion OLDEST_DRIVER = new CudaVersion(12000);

    static String tooOld(CudaVersion driver) {
        return "the NVIDIA driver is too old: driver=" + driver + " needed=" + OLDEST_DRIVER
                + " (install driver 525 or newer)";
    }

    public boolean isOlderThan(CudaVersion other) {
        return code < other.code;
    }

    public int major() {
        return code / 1000;
    }

    public int minor() {
        return code % 1000 / 10;
    }

    @Override
    public String toString() {
        return major() + "." + minor();
    }
}
