package io.gradstream.autodiff.device;

import io.gradstream.autodiff.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Buffers to and from plain arrays of doubles: for values at the edge, not on the way. */
public final class Transfer {

    private Transfer() {}

    public static double[] read(Device device, Buffer from) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = host(arena, from);
            device.read(from, host);
            DType dtype = from.type().dtype();
            double[] values = new double[Math.toIntExact(from.size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = dtype.get(host, i);
            }
            return values;
        }
    }

    public static void write(Device device, Buffer to, double... values) {
        if (values.length != to.size()) {
            throw new IllegalArgumentException(
                    "values must fill the buffer: type=" + to.type() + " values=" + values.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = host(arena, to);
            DType dtype = to.type().dtype();
            for (int i = 0; i < values.length; i++) {
                dtype.set(host, i, values[i]);
            }
            device.write(to, host);
        }
    }

    public static void fill(Device device, Buffer to, double value) {
        double[] values = new double[Math.toIntExact(to.size())];
        Arrays.fill(values, value);
        write(device, to, values);
    }

    private static MemorySegment host(Arena arena, Buffer buffer) {
        return arena.allocate(buffer.size() * buffer.type().dtype().bytes(), 64);
    }
}
