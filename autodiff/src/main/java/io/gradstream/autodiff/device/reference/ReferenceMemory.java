package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.device.Memory;

/** An array of doubles; a use after close fails on its first element. */
final class ReferenceMemory implements Memory {

    private final long bytes;
    private double[] elements;

    ReferenceMemory(long bytes) {
        this.bytes = bytes;
        elements = new double[Math.toIntExact(Math.ceilDiv(bytes, Double.BYTES))];
    }

    @Override
    public long bytes() {
        return bytes;
    }

    double[] elements() {
        return elements;
    }

    @Override
    public void close() {
        elements = new double[0];
    }
}
