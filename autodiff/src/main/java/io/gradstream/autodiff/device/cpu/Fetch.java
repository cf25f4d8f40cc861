package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.INT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;

import java.util.Objects;

/**
 * A first look at rows of a table that lie anywhere: one word of each of their cache lines is read. The words do not wait for each other, so
 * that many lines are on their way at once, and whoever then works on the rows finds them near.
 */
final class Fetch {
    /** Few enough rows for the nearest cache, and enough to keep memory busy. */
    static final int ROWS = 64;

    private static final long LINE = 64;

    private final int rows;
    private final long stride;
    private int seen;

    /** @param stride the bytes of a row */
    Fetch(int rows, long stride) {
        this.rows = rows;
        this.stride = stride;
    }

    /** Reads rows of the table at an address whose numbers are at another, and refuses a number that no row has. */
    void of(long table, long numbers, int count) {
        int words = seen;
        for (long line = 0; line < stride; line += LINE) {
            long from = table + line;
            for (int i = 0; i < count; i++) {
                int row = Objects.checkIndex(MEMORY.get(INT, numbers + (long) i * Integer.BYTES), rows);
                words ^= MEMORY.get(INT, from + row * stride);
            }
        }
        seen = words;
    }
}
