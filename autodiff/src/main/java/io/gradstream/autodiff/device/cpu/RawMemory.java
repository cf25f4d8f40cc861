package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * All of this process's memory as one segment, for inner loops that are given addresses.
 *
 * <p>Being a constant, it costs no checks and, more importantly, leaves the compiler nothing to guess: what it has seen other code do with
 * other kinds of segments decides whether a loop over a segment is compiled to vectors or to objects. Sizes are checked where calls are
 * prepared; owners keep memory alive for as long as programs use it.
 */
final class RawMemory {
    @SuppressWarnings("restricted")
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private RawMemory() {}
}
