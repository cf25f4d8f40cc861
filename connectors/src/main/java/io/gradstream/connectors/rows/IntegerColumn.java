package io.gradstream.connectors.rows;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** Integers of one width, little-endian, side by side in a byte array; or booleans, eight to a byte, lowest bit first. */
public final class IntegerColumn implements NumberColumn {
    /** How an integer is laid out. */
    public enum Width {
        BOOL(1),
        I8(8),
        U8(8),
        I16(16),
        U16(16),
        I32(32),
        U32(32),
        I64(64),
        U64(64);

        private final int bits;

        Width(int bits) {
            this.bits = bits;
        }

        public int bits() {
            return bits;
        }

        /** The bytes that so many values take up. */
        public long bytes(int values) {
            return ((long) values * bits + 7) >>> 3;
        }
    }

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Width width;
    private final byte[] data;
    private final int at;
    private final int size;
    private final Validity validity;

    public IntegerColumn(Width width, byte[] data, int at, int size, Validity validity) {
        Objects.checkFromIndexSize(at, width.bytes(size), data.length);
        this.width = width;
        this.data = data;
        this.at = at;
        this.size = size;
        this.validity = validity;
    }

    /** A column in which every value is missing. */
    public static IntegerColumn absent(int size) {
        return new IntegerColumn(Width.BOOL, new byte[(size + 7) >>> 3], 0, size, Validity.none(size));
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

    /** The exact value; one of {@link Width#U64} beyond the range of a long shows as the negative number with the same bits. */
    public long integer(int row) {
        Objects.checkIndex(row, size);
        return at(row);
    }

    @Override
    public double number(int row) {
        Objects.checkIndex(row, size);
        long value = at(row);
        return width == Width.U64 ? unsigned(value) : value;
    }

    @Override
    public void copyTo(int from, int count, MemorySegment to, long at, long stride, float missing) {
        Objects.checkFromIndexSize(from, count, size);
        for (int i = 0; i < count; i++) {
            long value = at(from + i);
            float number = width == Width.U64 ? (float) unsigned(value) : value;
            to.set(FloatColumn.PLACE, at + i * stride, validity.isNull(from + i) ? missing : number);
        }
    }

    private long at(int row) {
        return switch (width) {
            case BOOL -> data[at + (row >>> 3)] >>> (row & 7) & 1;
            case I8 -> data[at + row];
            case U8 -> data[at + row] & 0xFF;
            case I16 -> (short) SHORT.get(data, at + row * 2);
            case U16 -> (short) SHORT.get(data, at + row * 2) & 0xFFFF;
            case I32 -> (int) INT.get(data, at + row * 4);
            case U32 -> (int) INT.get(data, at + row * 4) & 0xFFFF_FFFFL;
            case I64, U64 -> (long) LONG.get(data, at + row * 8);
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
}
