package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena that knows how many bytes were asked of it. */
final class MeasuredArena implements Arena {
    private final Arena arena;
    private long bytes;

    MeasuredArena(Arena arena) {
        this.arena = arena;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        bytes += byteSize;
        return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
