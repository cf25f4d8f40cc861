package io.gradstream.autodiff.step;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A parameter by name, with access to its current F32 values. */
public final class ParameterView {
    private final String name;
    private final Device device;
    private final Buffer buffer;

    ParameterView(String name, Device device, Buffer buffer) {
        this.name = name;
        this.device = device;
        this.buffer = buffer;
    }

    public String name() {
        return name;
    }

    public Shape shape() {
        return buffer.type().shape();
    }

    public long bytes() {
        return buffer.size() * Float.BYTES;
    }

    /** Copies the current values out, as F32 in the host layout. */
    public void read(MemorySegment to) {
        device.read(buffer, to);
    }

    /** The current values, row by row. */
    public float[] values() {
        float[] values = new float[Math.toIntExact(buffer.size())];
        try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment host = arena.allocate(bytes(), Long.BYTES);
            read(host);
            MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        }
        return values;
    }

    void write(MemorySegment from) {
        if (from.byteSize() != bytes()) {
            throw new IllegalArgumentException("values must have the size of their parameter: name=" + name
                    + " expected=" + bytes() + " actual=" + from.byteSize());
        }
        device.write(buffer, from);
    }
}
