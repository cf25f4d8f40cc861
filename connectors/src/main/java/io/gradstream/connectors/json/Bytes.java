package io.gradstream.connectors.json;

import io.gradstream.connectors.rows.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows, within an allowance. */
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FIRST = 64;
    private static final int MOST = Integer.MAX_VALUE - 8;

    private final Allowance allowance;
    private byte[] array = new byte[0];
    private int size;

    Bytes(Allowance allowance) {
        this.allowance = allowance;
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    void addInt(int value) throws UndecodableException {
        reserve(Integer.BYTES);
        INT.set(array, size, value);
        size += Integer.BYTES;
    }

    void addLong(long value) throws UndecodableException {
        reserve(Long.BYTES);
        LONG.set(array, size, value);
        size += Long.BYTES;
    }

    void add(byte[] bytes) throws UndecodableException {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, size, bytes.length);
        size += bytes.length;
    }

    long longAt(int index) {
        return (long) LONG.get(array, index * Long.BYTES);
    }

    void setLong(int index, long value) {
        LONG.set(array, index * Long.BYTES, value);
    }

    private void reserve(int more) throws UndecodableException {
        long needed = (long) size + more;
        if (needed > array.length) {
            long capacity = Math.max(needed, Math.min(MOST, Math.max(FIRST, array.length * 2L)));
            allowance.take(Math.max(capacity, needed > MOST ? Long.MAX_VALUE : 0));
            array = Arrays.copyOf(array, (int) capacity);
        }
    }
}
