package io.gradstream.connectors.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which values of a column are there: one bit each, least significant first, set where there is a value. */
public final class Validity {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Nothing is missing. */
    public static final Validity ALL = new Validity(null, 0);

    private final byte @Nullable [] bits;
    private final int at;

    private Validity(byte @Nullable [] bits, int at) {
        this.bits = bits;
        this.at = at;
    }

    /** The bits of {@code size} values, the first of which is the lowest bit of the byte {@code at}. */
    public static Validity of(byte[] bits, int at, int size) {
        Objects.checkFromIndexSize(at, (size + 7) >>> 3, bits.length);
        return new Validity(bits, at);
    }

    /** Nothing is there. */
    public static Validity none(int size) {
        return new Validity(new byte[(size + 7) >>> 3], 0);
    }

    /** How many of the first {@code size} values are missing. */
    public int nulls(int size) {
        if (bits == null) {
            return 0;
        }
        int present = 0;
        int whole = size >>> 3;
        int b = 0;
        for (; b + Long.BYTES <= whole; b += Long.BYTES) {
            present += Long.bitCount((long) LONG.get(bits, at + b));
        }
        for (; b < whole; b++) {
            present += Integer.bitCount(bits[at + b] & 0xFF);
        }
        int rest = size & 7;
        if (rest != 0) {
            present += Integer.bitCount(bits[at + whole] & ((1 << rest) - 1));
        }
        return size - present;
    }

    boolean isNull(int row) {
        return bits != null && (bits[at + (row >>> 3)] >>> (row & 7) & 1) == 0;
    }

    boolean hasNulls() {
        return bits != null;
    }
}
