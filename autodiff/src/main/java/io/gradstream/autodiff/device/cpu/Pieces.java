package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;

import java.lang.foreign.MemorySegment;

/** Copies of pieces of memory by their addresses. For a short piece a bulk copy costs more than its bytes do: words go in vectors. */
final class Pieces {
    private static final boolean VECTORS = VectorApi.isAvailable();
    private static final long SHORT = 1024;
    private static final long LINE = 64;

    private Pieces() {}

    /** Copies equally long pieces that lie at a distance from each other on both sides. */
    static void copy(long from, long fromStride, long to, long toStride, long bytes, long count) {
        if (VECTORS && bytes <= LINE && bytes % Integer.BYTES == 0) {
            RawRows.copy(from, fromStride, to, toStride, (int) (bytes / Integer.BYTES), count);
            return;
        }
        for (long i = 0; i < count; i++) {
            copy(from + i * fromStride, to + i * toStride, bytes);
        }
    }

    static void copy(long from, long to, long bytes) {
        if (VECTORS && bytes <= SHORT && bytes % Integer.BYTES == 0) {
            RawRows.copy(from, to, (int) (bytes / Integer.BYTES));
        } else {
            MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
        }
    }
}
