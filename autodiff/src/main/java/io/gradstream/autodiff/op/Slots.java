package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;

/**
 * Places for the gradients of some rows of a table, and the index that finds them. A row gets a slot of a block [capacity, width] when a
 * gradient reaches it first, so that memory and time follow the rows that are touched and not the table. The index is one I32 array:
 *
 * <pre>
 * 0        1                       1 + capacity                          1 + capacity + buckets
 * ┌────────┬───────────────────────┬─────────────────────────────────────┐
 * │ in use │ row of each slot      │ hash table: slot + 1, or 0          │
 * └────────┴───────────────────────┴─────────────────────────────────────┘
 * </pre>
 *
 * <p>The hash table has a power of two of buckets, at least twice the capacity. A row is looked for from its home bucket onward until it
 * or a free bucket is met (linear probing), and a new one takes the free bucket. Rows leave in the reverse of the order in which they
 * came, so that no search ever stops at a gap that was not there when its row came.
 */
public record Slots(int capacity) {
    /** The element of the index that counts the slots in use. */
    public static final int IN_USE = 0;

    /** The element of the index that holds the row of slot 0. */
    public static final int ROWS = 1;

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    public Slots {
        if (capacity < 1) {
            throw new IllegalArgumentException("there must be a slot: capacity=" + capacity);
        }
    }

    /** How many buckets the hash table has. */
    public int buckets() {
        return Integer.highestOneBit(Math.multiplyExact(2, capacity) - 1) << 1;
    }

    /** The element of the index that holds the first bucket. */
    public int table() {
        return ROWS + capacity;
    }

    /** The bucket where the search for a row begins. */
    public int home(int row) {
        return (row * GOLDEN_RATIO) >>> (Integer.numberOfLeadingZeros(buckets()) + 1);
    }

    /** The type of the index. */
    public TensorType type() {
        return TensorType.of(DType.I32, Math.addExact(table(), buckets()));
    }

    /** How many slots are in use. */
    public static int inUse(Elements index) {
        return (int) index.get(IN_USE);
    }

    /** The row of a slot in use. */
    public static int row(Elements index, int slot) {
        return (int) index.get(ROWS + slot);
    }

    /** The slot of a row, which gets the next one if it has none. */
    public int claim(Elements index, int row) {
        int bucket = bucket(index, row);
        int entry = (int) index.get(table() + bucket);
        if (entry != 0) {
            return entry - 1;
        }
        int slot = inUse(index);
        if (slot == capacity) {
            throw new IllegalStateException("touched rows must fit their slots: capacity=" + capacity + " row=" + row);
        }
        index.set(ROWS + slot, row);
        index.set(table() + bucket, slot + 1);
        index.set(IN_USE, slot + 1);
        return slot;
    }

    /** The slot of a row, or -1. */
    public int find(Elements index, int row) {
        return (int) index.get(table() + bucket(index, row)) - 1;
    }

    /** Takes the slots of all rows. */
    public void clear(Elements index) {
        for (int slot = inUse(index) - 1; slot >= 0; slot--) {
            index.set(table() + bucket(index, row(index, slot)), 0);
            index.set(ROWS + slot, 0);
        }
        index.set(IN_USE, 0);
    }

    /** The bucket of a row, or the free one that it would get. */
    private int bucket(Elements index, int row) {
        int bucket = home(row);
        int entry = (int) index.get(table() + bucket);
        while (entry != 0 && row(index, entry - 1) != row) {
            bucket = (bucket + 1) & (buckets() - 1);
            entry = (int) index.get(table() + bucket);
        }
        return bucket;
    }
}
