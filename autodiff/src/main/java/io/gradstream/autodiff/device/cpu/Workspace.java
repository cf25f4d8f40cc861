package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of one program besides its operands; its calls run one after the other and may share the tail. */
record Workspace(Arena arena, Tail tail) {
    private static final long ALIGNMENT = 64;

    static Workspace in(Arena arena) {
        return new Workspace(arena, new Tail(arena));
    }

    MemorySegment floats(long count) {
        return arena.allocate(count * Float.BYTES, ALIGNMENT);
    }
}
