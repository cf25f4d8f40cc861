package io.gradstream.connectors.rows;

import java.lang.foreign.MemorySegment;

/** A column whose values are numbers. */
public sealed interface NumberColumn extends Column permits FloatColumn, IntegerColumn {
    /** The value as a double: exact for floats and for integers up to 2^53. */
    double number(int row);

    /**
     * Writes consecutive values as little-endian floats.
     *
     * @param at the byte in {@code to} where the first one goes
     * @param stride how many bytes lie between one value's place and the next one's
     * @param missing what stands for a missing value
     */
    void copyTo(int from, int count, MemorySegment to, long at, long stride, float missing);
}
