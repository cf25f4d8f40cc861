package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What calls work with besides their operands: memory, of which those that run one after the other may share the tail and the scratch, and
 * the threads of the device.
 */
record Workspace(Arena arena, Tail tail, Scratch scratch, Team team) {
    private static final long ALIGNMENT = 64;

    static Workspace in(Arena arena, Team team) {
        return new Workspace(arena, new Tail(arena), new Scratch(arena), team);
    }

    /** A workspace for calls that run at the same time as those of this one. */
    Workspace another() {
        return in(arena, team);
    }

    MemorySegment bytes(long count) {
        return arena.allocate(count, ALIGNMENT);
    }

    MemorySegment floats(long count) {
        return arena.allocate(count * Float.BYTES, ALIGNMENT);
    }

    /** Memory that the next call may overwrite. */
    MemorySegment scratch(long bytes) {
        return scratch.bytes(bytes);
    }
}
