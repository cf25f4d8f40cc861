package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap memory of this process. */
final class CpuMemory implements Memory {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    CpuMemory(long bytes) {
        segment = LargePages.suit(bytes) ? LargePages.allocate(bytes, arena) : arena.allocate(bytes, ALIGNMENT);
    }

    /** The bytes of a buffer, which must lie in memory of this kind of device. */
    static MemorySegment segment(Buffer buffer) {
        return of(buffer).segment.asSlice(buffer.offset(), bytes(buffer));
    }

    static void write(Buffer to, MemorySegment from) {
        MemorySegment.copy(from, 0, of(to).segment, to.offset(), bytes(to));
    }

    static void read(Buffer from, MemorySegment to) {
        MemorySegment.copy(of(from).segment, from.offset(), to, 0, bytes(from));
    }

    private static CpuMemory of(Buffer buffer) {
        if (buffer.memory() instanceof CpuMemory memory) {
            return memory;
        }
        throw new IllegalArgumentException("buffer must lie in cpu memory: memory=" + buffer.memory());
    }

    private static long bytes(Buffer buffer) {
        return buffer.size() * buffer.type().dtype().bytes();
    }

    @Override
    public long bytes() {
        return segment.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
