package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for the last elements of arrays that do not fill a vector. They are copied here and computed as a whole vector by the same loop, so
 * that an element's value does not depend on whether it is among the last, on any processor.
 */
final class Tail {
    private static final long SLOT = 64;

    private final MemorySegment[] slots = new MemorySegment[3];

    Tail(Arena arena) {
        for (int i = 0; i < slots.length; i++) {
            slots[i] = arena.allocate(SLOT, SLOT);
        }
    }

    /** Copies some floats into a slot and returns it. */
    MemorySegment load(int slot, MemorySegment from, long offset, int count) {
        MemorySegment.copy(from, offset, slots[slot], 0, (long) count * Float.BYTES);
        return slots[slot];
    }

    MemorySegment slot(int slot) {
        return slots[slot];
    }

    void store(int slot, MemorySegment to, long offset, int count) {
        MemorySegment.copy(slots[slot], 0, to, offset, (long) count * Float.BYTES);
    }
}
