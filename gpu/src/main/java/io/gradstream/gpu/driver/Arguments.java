package io.gradstream.gpu.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a kernel in its order. */
public final class Arguments {
    private final Arena arena;
    private final List<MemorySegment> values = new ArrayList<>();

    /** Arguments that live as long as an arena. */
    public Arguments(Arena arena) {
        this.arena = arena;
    }

    /** A place on the card; 0 is none. */
    public Arguments address(long value) {
        return number(value);
    }

    /** A {@code long long}. */
    public Arguments number(long value) {
        MemorySegment place = arena.allocate(JAVA_LONG);
        place.set(JAVA_LONG, 0, value);
        values.add(place);
        return this;
    }

    /** An {@code int}. */
    public Arguments number(int value) {
        MemorySegment place = arena.allocate(JAVA_INT);
        place.set(JAVA_INT, 0, value);
        values.add(place);
        return this;
    }

    /** An {@code int} that is 0 or 1. */
    public Arguments flag(boolean value) {
        return number(value ? 1 : 0);
    }

    /** A {@code double}. */
    public Arguments number(double value) {
        MemorySegment place = arena.allocate(JAVA_DOUBLE);
        place.set(JAVA_DOUBLE, 0, value);
        values.add(place);
        return this;
    }

    /** A struct, whose bytes are copied. */
    public Arguments struct(MemorySegment bytes) {
        values.add(arena.allocate(bytes.byteSize(), Long.BYTES).copyFrom(bytes));
        return this;
    }

    /** The arguments that follow. */
    public Arguments and(Arguments others) {
        values.addAll(others.values);
        return this;
    }

    /** How many bytes each argument has. */
    public List<Long> sizes() {
        return values.stream().map(MemorySegment::byteSize).toList();
    }

    /** The block of pointers that the driver takes. */
    MemorySegment pointers() {
        MemorySegment pointers = arena.allocate(ADDRESS, Math.max(1, values.size()));
        for (int i = 0; i < values.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, values.get(i));
        }
        return pointers;
    }
}
