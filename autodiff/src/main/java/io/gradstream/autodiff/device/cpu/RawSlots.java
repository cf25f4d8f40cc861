package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.INT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;

import io.gradstream.autodiff.op.Slots;

/** The index of {@link Slots} by its address: the same searches on plain integers. */
final class RawSlots {
    private final int capacity;
    private final int mask;
    private final Slots slots;
    private final long inUse;
    private final long rows;
    private final long table;

    RawSlots(int capacity, Operand index) {
        this.capacity = capacity;
        slots = new Slots(capacity);
        mask = slots.buckets() - 1;
        inUse = index.data().address() + (long) Slots.IN_USE * Integer.BYTES;
        rows = index.data().address() + (long) Slots.ROWS * Integer.BYTES;
        table = index.data().address() + (long) slots.table() * Integer.BYTES;
    }

    int inUse() {
        return MEMORY.get(INT, inUse);
    }

    int row(int slot) {
        return get(rows, slot);
    }

    /** Where the numbers of the rows in this slot and the following ones are. */
    long numbers(int slot) {
        return rows + (long) slot * Integer.BYTES;
    }

    int claim(int row) {
        int bucket = slots.home(row);
        int entry = get(table, bucket);
        while (entry != 0) {
            if (row(entry - 1) == row) {
                return entry - 1;
            }
            bucket = (bucket + 1) & mask;
            entry = get(table, bucket);
        }
        int slot = inUse();
        if (slot == capacity) {
            throw new IllegalStateException("touched rows must fit their slots: capacity=" + capacity + " row=" + row);
        }
        set(rows, slot, row);
        set(table, bucket, slot + 1);
        MEMORY.set(INT, inUse, slot + 1);
        return slot;
    }

    void clear() {
        for (int slot = inUse() - 1; slot >= 0; slot--) {
            int bucket = slots.home(row(slot));
            while (get(table, bucket) != slot + 1) {
                bucket = (bucket + 1) & mask;
            }
            set(table, bucket, 0);
            set(rows, slot, 0);
        }
        MEMORY.set(INT, inUse, 0);
    }

    private static int get(long array, int at) {
        return MEMORY.get(INT, array + (long) at * Integer.BYTES);
    }

    private static void set(long array, int at, int value) {
        MEMORY.set(INT, array + (long) at * Integer.BYTES, value);
    }
}
