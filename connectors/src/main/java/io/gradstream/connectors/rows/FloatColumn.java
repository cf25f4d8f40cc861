package io.gradstream.connectors.rows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** Floats of one width, little-endian, side by side in a byte array. */
public final class FloatColumn implements NumberColumn {
    /** How wide a float is. */
    public enum Width {
        F16(2),
        F32(4),
        F64(8);

        private final int bytes;

        Width(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    static final ValueLayout.OfFloat PLACE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle HALF = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final Width width;
    private final byte[] data;
    private final int at;
    private final int size;
    private final Validity validity;

    public FloatColumn(Width width, byte[] data, int at, int size, Validity validity) {
        Objects.checkFromIndexSize(at, (long) size * width.bytes, data.length);
        this.width = width;
        this.data = data;
        this.at = at;
        this.size = size;
        this.validity = validity;
    }

    public Width width() {
        return width;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isNull(int row) {
        return validity.isNull(row);
    }

    @Override
    public boolean hasNulls() {
        return validity.hasNulls();
    }

    @Override
    public double number(int row) {
        Objects.checkIndex(row, size);
        return switch (width) {
            case F16 -> half(row);
            case F32 -> single(row);
            case F64 -> wide(row);
        };
    }

    @Override
    public void copyTo(int from, int count, MemorySegment to, long at, long stride, float missing) {
        Objects.checkFromIndexSize(from, count, size);
        switch (width) {
            case F16 -> copyHalves(from, count, to, at, stride);
            case F32 -> copySingles(from, count, to, at, stride);
            case F64 -> copyWides(from, count, to, at, stride);
        }
        if (validity.hasNulls()) {
            for (int i = 0; i < count; i++) {
                if (validity.isNull(from + i)) {
                    to.set(PLACE, at + i * stride, missing);
                }
            }
        }
    }

    private void copyHalves(int from, int count, MemorySegment to, long at, long stride) {
        for (int i = 0; i < count; i++) {
            to.set(PLACE, at + i * stride, half(from + i));
        }
    }

    private void copySingles(int from, int count, MemorySegment to, long at, long stride) {
        if (stride == Float.BYTES) {
            MemorySegment.copy(
                    MemorySegment.ofArray(data),
                    this.at + (long) from * Float.BYTES,
                    to,
                    at,
                    (long) count * Float.BYTES);
            return;
        }
        for (int i = 0; i < count; i++) {
            to.set(PLACE, at + i * stride, single(from + i));
        }
    }

    private void copyWides(int from, int count, MemorySegment to, long at, long stride) {
        for (int i = 0; i < count; i++) {
            to.set(PLACE, at + i * stride, (float) wide(from + i));
        }
    }

    private float half(int row) {
        return Float.float16ToFloat((short) HALF.get(data, at + row * 2));
    }

    private float single(int row) {
        return (float) FLOAT.get(data, at + row * 4);
    }

    private double wide(int row) {
        return (double) DOUBLE.get(data, at + row * 8);
    }
}
