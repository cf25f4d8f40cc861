package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.INT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Short rows of F32 by their addresses, in whole vectors and then one by one: cheaper than a bulk copy, which pays for any length. */
final class RawRows {
    private static final int LANES = FLOATS.length();

    private RawRows() {}

    static void copy(long from, long to, int width) {
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            long at = (long) i * Float.BYTES;
            fromMemorySegment(FLOATS, MEMORY, from + at, LITTLE_ENDIAN)
                    .intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            long at = (long) i * Float.BYTES;
            MEMORY.set(INT, to + at, MEMORY.get(INT, from + at));
        }
    }

    /** Copies rows that lie at a distance from each other: a vector of each, then the next of each. */
    static void copy(long from, long fromStride, long to, long toStride, int width, long count) {
        int column = 0;
        for (; column <= width - LANES; column += LANES) {
            long at = (long) column * Float.BYTES;
            for (long i = 0; i < count; i++) {
                fromMemorySegment(FLOATS, MEMORY, from + at + i * fromStride, LITTLE_ENDIAN)
                        .intoMemorySegment(MEMORY, to + at + i * toStride, LITTLE_ENDIAN);
            }
        }
        for (; column < width; column++) {
            long at = (long) column * Float.BYTES;
            for (long i = 0; i < count; i++) {
                MEMORY.set(INT, to + at + i * toStride, MEMORY.get(INT, from + at + i * fromStride));
            }
        }
    }

    /** Copies rows of a table that lie anywhere next to each other: a vector of each, then the next of each. */
    static void gather(long table, long stride, long numbers, int count, long to, int width) {
        int column = 0;
        for (; column <= width - LANES; column += LANES) {
            long at = (long) column * Float.BYTES;
            for (int i = 0; i < count; i++) {
                fromMemorySegment(FLOATS, MEMORY, table + at + number(numbers, i) * stride, LITTLE_ENDIAN)
                        .intoMemorySegment(MEMORY, to + at + i * stride, LITTLE_ENDIAN);
            }
        }
        for (; column < width; column++) {
            long at = (long) column * Float.BYTES;
            for (int i = 0; i < count; i++) {
                MEMORY.set(INT, to + at + i * stride, MEMORY.get(INT, table + at + number(numbers, i) * stride));
            }
        }
    }

    /** Copies rows that lie next to each other to where they belong in a table. */
    static void scatter(long from, int width, long table, long stride, long numbers, int count) {
        int column = 0;
        for (; column <= width - LANES; column += LANES) {
            long at = (long) column * Float.BYTES;
            for (int i = 0; i < count; i++) {
                fromMemorySegment(FLOATS, MEMORY, from + at + i * stride, LITTLE_ENDIAN)
                        .intoMemorySegment(MEMORY, table + at + number(numbers, i) * stride, LITTLE_ENDIAN);
            }
        }
        for (; column < width; column++) {
            long at = (long) column * Float.BYTES;
            for (int i = 0; i < count; i++) {
                MEMORY.set(INT, table + at + number(numbers, i) * stride, MEMORY.get(INT, from + at + i * stride));
            }
        }
    }

    private static long number(long numbers, int index) {
        return MEMORY.get(INT, numbers + (long) index * Integer.BYTES);
    }

    /** to += from. */
    static void add(long from, long to, int width) {
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            long at = (long) i * Float.BYTES;
            fromMemorySegment(FLOATS, MEMORY, to + at, LITTLE_ENDIAN)
                    .add(fromMemorySegment(FLOATS, MEMORY, from + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            long at = (long) i * Float.BYTES;
            MEMORY.set(FLOAT, to + at, MEMORY.get(FLOAT, to + at) + MEMORY.get(FLOAT, from + at));
        }
    }

    static void clear(long row, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector.zero(FLOATS).intoMemorySegment(MEMORY, row + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            MEMORY.set(FLOAT, row + (long) i * Float.BYTES, 0);
        }
    }

    static boolean isZero(long row, int width) {
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            if (fromMemorySegment(FLOATS, MEMORY, row + (long) i * Float.BYTES, LITTLE_ENDIAN)
                    .compare(VectorOperators.NE, 0f)
                    .anyTrue()) {
                return false;
            }
        }
        for (; i < width; i++) {
            if (MEMORY.get(FLOAT, row + (long) i * Float.BYTES) != 0) {
                return false;
            }
        }
        return true;
    }
}
