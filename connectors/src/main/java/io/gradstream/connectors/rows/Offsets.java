package io.gradstream.connectors.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Where each of many consecutive ranges ends and the next begins: {@code size + 1} positions that never fall.
 *
 * <p>Whoever makes one has checked them, see {@link #faultIn}.
 */
public final class Offsets {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] data;
    private final int at;
    private final int size;
    private final boolean wide;
    private final int every;

    private Offsets(byte[] data, int at, int size, boolean wide, int every) {
        this.data = data;
        this.at = at;
        this.size = size;
        this.wide = wide;
        this.every = every;
    }

    /** Little-endian positions in a byte array, of four or (wide) of eight bytes each. */
    public static Offsets of(byte[] data, int at, int size, boolean wide) {
        Objects.checkFromIndexSize(at, (size + 1L) * (wide ? Long.BYTES : Integer.BYTES), data.length);
        return new Offsets(data, at, size, wide, 0);
    }

    /** Ranges of one and the same length. */
    public static Offsets every(int length, int size) {
        Math.multiplyExact(length, size);
        return new Offsets(new byte[0], 0, size, false, length);
    }

    public int size() {
        return size;
    }

    /** The number of the first range that runs backwards or out of {@code [0, limit]}, or -1 if all are sound. */
    public int faultIn(int limit) {
        if (data.length == 0) {
            return (long) every * size <= limit ? -1 : 0;
        }
        long previous = 0;
        for (int i = 0; i <= size; i++) {
            long next = wide ? (long) LONG.get(data, at + i * 8) : (int) INT.get(data, at + i * 4);
            if (next < previous || next > limit) {
                return Math.max(0, i - 1);
            }
            previous = next;
        }
        return -1;
    }

    int at(int index) {
        if (data.length == 0) {
            return index * every;
        }
        return wide ? (int) (long) LONG.get(data, at + index * 8) : (int) INT.get(data, at + index * 4);
    }
}
