package io.gradstream.gpu;

/** A CUDA version as the driver counts it: {@code 1000 * major + 10 * minor}. */
public record CudaVersion(int code) {
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
