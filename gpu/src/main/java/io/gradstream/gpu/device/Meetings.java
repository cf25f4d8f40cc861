package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Scratch memory in which updates of one row of a table find each other: {@code meetings.cuh}.
 *
 * @param address a hash table, behind it the place of each update, and behind those what else was asked for
 * @param count how many updates there are
 */
record Meetings(long address, int count) {
    private static final long MEETING = 16;
    private static final long BYTES = 32;
    private static final int STRETCHES = 64;
    /** How many updates, neighbours in the batch, one block collects. */
    static final int TILE = 32;

    /** Asks for the memory of a call and clears the table. */
    static Meetings of(int count, long moreBytes, Workshop shop) {
        long table = MEETING * buckets(count);
        Meetings meetings = new Meetings(shop.scratch(table + bytesOf(count) + moreBytes), count);
        shop.clear(meetings.address, table);
        return meetings;
    }

    /** At least twice as many as updates, lest they search for long. */
    private static int buckets(int count) {
        return Math.max(2, Integer.highestOneBit(Math.multiplyExact(2, count) - 1) << 1);
    }

    /** How many bytes an {@code int} for each update takes. */
    static long bytesOf(int count) {
        return (long) Integer.BYTES * count;
    }

    private long places() {
        return address + MEETING * buckets(count);
    }

    /** Where the memory begins that was asked for besides. */
    long more() {
        return places() + bytesOf(count);
    }

    /** The kernels' struct. */
    MemorySegment struct(Arena arena) {
        int stretch = TILE * Math.ceilDiv(count, TILE * STRETCHES);
        MemorySegment struct = arena.allocate(BYTES, Long.BYTES);
        struct.set(JAVA_LONG, 0, address);
        struct.set(JAVA_LONG, 8, places());
        struct.set(JAVA_INT, 16, count);
        struct.set(JAVA_INT, 20, stretch);
        struct.set(JAVA_INT, 24, buckets(count));
        struct.set(JAVA_INT, 28, Integer.numberOfLeadingZeros(buckets(count)) + 1);
        return struct;
    }
}
