package io.gradstream.gpu.device;

import io.gradstream.gpu.driver.Card;
import io.gradstream.gpu.driver.DeviceMemory;
import io.gradstream.gpu.driver.Event;
import io.gradstream.gpu.driver.PinnedMemory;
import io.gradstream.gpu.driver.Stream;
import java.lang.foreign.MemorySegment;

/**
 * The way of bytes between the host and the card. What goes in is copied into a pinned slot, from there by a stream of its own into a
 * slot on the card, while the card computes, and to its place when its turn comes; the host goes on at once, and what lies side by side goes together.
 * What comes out waits for everything that was asked for before it.
 */
final class Transfers implements AutoCloseable {
    private static final int SLOTS = 4;
    private static final long ALIGNMENT = 64;
    private static final long SLOT_BYTES = 1L << 20;
    /** What is shorter goes in the order of the computing stream: a detour would cost more than it hides. */
    private static final long SHORT = 1L << 12;

    private final Stream compute;
    private final Stream copies = Stream.create();
    private final PinnedMemory pinned = PinnedMemory.allocate(SLOTS * SLOT_BYTES);
    private final DeviceMemory staged;
    private final Event[] arrived = new Event[SLOTS];
    private final Event[] taken = new Event[SLOTS];
    private final PinnedMemory fetched = PinnedMemory.allocate(SLOT_BYTES);
    private int slot;
    private long used;
    private long gatheredTo;
    private long gatheredAt;
    private long gatheredBytes;

    Transfers(Card card, Stream compute) {
        this.compute = compute;
        staged = DeviceMemory.allocate(card, SLOTS * SLOT_BYTES);
        for (int i = 0; i < SLOTS; i++) {
            arrived[i] = Event.create();
            taken[i] = Event.create();
            compute.record(taken[i]);
        }
    }

    /** Copies to the card; the host's bytes may change as soon as this returns. */
    void in(long to, MemorySegment from) {
        for (long done = 0; done < from.byteSize(); ) {
            long bytes = Math.min(SLOT_BYTES, from.byteSize() - done);
            stretch(to + done, from.asSlice(done, bytes));
            done += bytes;
        }
    }

    private void stretch(long to, MemorySegment from) {
        long bytes = from.byteSize();
        boolean goesOn = gatheredBytes > 0 && to == gatheredTo + gatheredBytes && used + bytes <= SLOT_BYTES;
        if (!goesOn) {
            flush();
            used = Math.min(SLOT_BYTES, aligned(used));
            if (used + bytes > SLOT_BYTES) {
                nextSlot();
            }
            gatheredTo = to;
            gatheredAt = slot * SLOT_BYTES + used;
        }
        MemorySegment.copy(from, 0, pinned.segment(), slot * SLOT_BYTES + used, bytes);
        used += bytes;
        gatheredBytes += bytes;
    }

    /** Sends what was gathered; before anything else is asked of the card. */
    void flush() {
        if (gatheredBytes == 0) {
            return;
        }
        if (gatheredBytes <= SHORT) {
            compute.copyIn(gatheredTo, pinned.address() + gatheredAt, gatheredBytes);
        } else {
            copies.copyIn(staged.address() + gatheredAt, pinned.address() + gatheredAt, gatheredBytes);
            copies.record(arrived[slot]);
            compute.after(arrived[slot]);
            compute.copy(gatheredTo, staged.address() + gatheredAt, gatheredBytes);
        }
        gatheredBytes = 0;
    }

    /** Goes on to the next slot, when the card has taken what was in it. */
    private void nextSlot() {
        compute.record(taken[slot]);
        slot = (slot + 1) % SLOTS;
        taken[slot].await();
        used = 0;
    }

    /** Copies from the card, when everything asked for before is done. */
    void out(MemorySegment to, long from) {
        for (long done = 0; done < to.byteSize(); ) {
            long bytes = Math.min(SLOT_BYTES, to.byteSize() - done);
            compute.copyOut(fetched.address(), from + done, bytes);
            compute.await();
            MemorySegment.copy(fetched.segment(), 0, to, done, bytes);
            done += bytes;
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    @Override
    public void close() {
        for (int i = 0; i < SLOTS; i++) {
            arrived[i].close();
            taken[i].close();
        }
        copies.close();
        staged.close();
        pinned.close();
        fetched.close();
    }
}
