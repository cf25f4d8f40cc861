package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Working memory that calls use one after the other and leave without regret: it is as large as the largest of them asked for. */
final class Scratch {
    private static final long ALIGNMENT = 64;

    private final Arena arena;
    private MemorySegment room = MemorySegment.NULL;

    Scratch(Arena arena) {
        this.arena = arena;
    }

    MemorySegment bytes(long count) {
        if (room.byteSize() < count) {
            room = arena.allocate(count, ALIGNMENT);
        }
        return room;
    }
}
