package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Objects;

/**
 * The host's side of one micro-batch: off-heap columns for up to a fixed number of rows, to be filled, trained on and filled again.
 *
 * <p>Whoever fills it sets the rows. Labels are F32, or I32 classes for cross-entropy; weights are 1 unless written.
 */
public final class MicroBatch implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final int capacity;
    private final MemorySegment dense;
    private final MemorySegment[] ids;
    private final MemorySegment[] bagIds;
    private final MemorySegment[] bagOffsets;
    private final Arena[] bagArenas;
    private final MemorySegment[] sequenceIds;
    private final MemorySegment[] sequenceLengths;
    private final MemorySegment label;
    private final MemorySegment weight;
    private int rows;

    public MicroBatch(ModelSpec model, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("micro-batch must have room for a row: capacity=" + capacity);
        }
        this.capacity = capacity;
        int bags = model.bags().size();
        dense = arena.allocate((long) capacity * model.numerics().size() * Float.BYTES, ALIGNMENT);
        ids = new MemorySegment[model.categoricals().size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = arena.allocate((long) capacity * Integer.BYTES, ALIGNMENT);
        }
        bagIds = new MemorySegment[bags];
        bagArenas = new Arena[bags];
        bagOffsets = new MemorySegment[bags];
        for (int i = 0; i < bags; i++) {
            bagArenas[i] = Arena.ofShared();
            bagIds[i] = bagArenas[i].allocate((long) capacity * Integer.BYTES, ALIGNMENT);
            bagOffsets[i] = arena.allocate((capacity + 1L) * Integer.BYTES, ALIGNMENT);
        }
        int sequences = model.sequences().size();
        sequenceIds = new MemorySegment[sequences];
        sequenceLengths = new MemorySegment[sequences];
        for (int i = 0; i < sequences; i++) {
            long items = (long) capacity * model.sequences().get(i).length();
            sequenceIds[i] = arena.allocate(items * Integer.BYTES, ALIGNMENT);
            sequenceLengths[i] = arena.allocate((long) capacity * Integer.BYTES, ALIGNMENT);
        }
        label = arena.allocate((long) capacity * Float.BYTES, ALIGNMENT);
        weight = arena.allocate((long) capacity * Float.BYTES, ALIGNMENT);
        resetWeights();
    }

    public int capacity() {
        return capacity;
    }

    public int rows() {
        return rows;
    }

    public void rows(int count) {
        if (count < 0 || count > capacity) {
            throw new IllegalArgumentException(
                    "rows must fit the micro-batch: rows=" + count + " capacity=" + capacity);
        }
        rows = count;
    }

    /** F32 [capacity × numeric columns], row by row, the columns in the order of the model's inputs. */
    public MemorySegment dense() {
        return dense;
    }

    /** I32 [capacity]: the bucket of each row in the i-th categorical column. */
    public MemorySegment ids(int categorical) {
        return ids[categorical];
    }

    /** I32 [bagCapacity]: the buckets of all rows of the i-th bag column, one row after the other. */
    public MemorySegment bagIds(int bag) {
        return bagIds[bag];
    }

    /** I32 [capacity + 1]: where each row's buckets start; the entry behind the last row says where they end. */
    public MemorySegment bagOffsets(int bag) {
        return bagOffsets[bag];
    }

    public int bagCapacity(int bag) {
        return (int) (bagIds[bag].byteSize() / Integer.BYTES);
    }

    /**
     * Makes room for so many buckets in the i-th bag column, keeping what is written there; earlier segments of it become invalid. Room
     * only ever doubles, so that the batches of a stream soon agree on it: a plan is compiled for one room.
     */
    public void ensureBagCapacity(int bag, int count) {
        int room = bagCapacity(bag);
        if (count <= room) {
            return;
        }
        while (room < count) {
            room = Math.multiplyExact(room, 2);
        }
        Arena larger = Arena.ofShared();
        MemorySegment grown = larger.allocate((long) room * Integer.BYTES, ALIGNMENT);
        MemorySegment.copy(bagIds[bag], 0, grown, 0, bagIds[bag].byteSize());
        bagArenas[bag].close();
        bagArenas[bag] = larger;
        bagIds[bag] = grown;
    }

    /** I32 [capacity × length]: the buckets of the i-th sequence column, row by row, from the oldest item to the newest. */
    public MemorySegment sequenceIds(int sequence) {
        return sequenceIds[sequence];
    }

    /** I32 [capacity]: how many items each row has in the i-th sequence column; behind them is padding. */
    public MemorySegment sequenceLengths(int sequence) {
        return sequenceLengths[sequence];
    }

    /** F32 [capacity], or I32 [capacity] classes for cross-entropy. */
    public MemorySegment label() {
        return label;
    }

    /** F32 [capacity]. */
    public MemorySegment weight() {
        return weight;
    }

    /** Sets every weight to 1. */
    public void resetWeights() {
        for (long i = 0; i < capacity; i++) {
            weight.setAtIndex(JAVA_FLOAT, i, 1f);
        }
    }

    /**
     * Overwrites what lies behind the rows with copies of the first one, or with zeros where there is none: a network may be finite for rows
     * alone. The bags of padding are empty.
     */
    void pad() {
        if (rows == capacity) {
            return;
        }
        repeat(dense);
        for (MemorySegment each : ids) {
            repeat(each);
        }
        for (int bag = 0; bag < bagIds.length; bag++) {
            int end = bagSize(bag);
            clear(bagIds[bag], (long) end * Integer.BYTES);
            for (long i = rows + 1L; i <= capacity; i++) {
                bagOffsets[bag].setAtIndex(JAVA_INT, i, end);
            }
        }
        for (int sequence = 0; sequence < sequenceIds.length; sequence++) {
            repeat(sequenceIds[sequence]);
            repeat(sequenceLengths[sequence]);
        }
        repeat(label);
    }

    private void repeat(MemorySegment values) {
        if (rows == 0) {
            clear(values, 0);
            return;
        }
        long row = values.byteSize() / capacity;
        for (long at = row * rows; at < values.byteSize(); at += row) {
            MemorySegment.copy(values, 0, values, at, row);
        }
    }

    /** Writes zeros from a byte on: floats or integers. */
    private static void clear(MemorySegment values, long from) {
        for (long at = from; at < values.byteSize(); at += Integer.BYTES) {
            values.set(JAVA_INT, at, 0);
        }
    }

    /** Copies the weights out, with 0 for padding; its own are left as they are. */
    void writeWeights(MemorySegment to) {
        MemorySegment.copy(weight, 0, to, 0, (long) rows * Float.BYTES);
        for (long i = rows; i < capacity; i++) {
            to.setAtIndex(JAVA_FLOAT, i, 0);
        }
    }

    /** The sum of the weights of its rows, in double. */
    public double totalWeight() {
        double total = 0;
        for (long i = 0; i < rows; i++) {
            total += weight.getAtIndex(JAVA_FLOAT, i);
        }
        return total;
    }

    /** Leaves out one row; those behind it move up. */
    public void remove(int row) {
        BitSet kept = new BitSet();
        kept.set(0, rows);
        kept.clear(Objects.checkIndex(row, rows));
        take(this, kept);
    }

    /** Leaves out all rows but these; they move up. */
    public void keep(BitSet kept) {
        take(this, kept);
    }

    /** Takes some rows of a micro-batch of the same model, in their order and with their weights, instead of what it has. */
    public void take(MicroBatch from, BitSet taken) {
        if (taken.length() > from.rows || taken.cardinality() > capacity) {
            throw new IllegalArgumentException("taken rows must be there and fit: rows=" + from.rows + " last="
                    + (taken.length() - 1) + " taken=" + taken.cardinality() + " capacity=" + capacity);
        }
        for (int bag = 0; bag < bagIds.length; bag++) {
            ensureBagCapacity(bag, from.bagSize(bag));
            takeBag(from, taken, bag);
        }
        int to = 0;
        for (int row = taken.nextSetBit(0); row >= 0; row = taken.nextSetBit(row + 1)) {
            copyRow(from.dense, row, from.capacity, dense, to);
            for (int i = 0; i < ids.length; i++) {
                copyRow(from.ids[i], row, from.capacity, ids[i], to);
            }
            for (int i = 0; i < sequenceIds.length; i++) {
                copyRow(from.sequenceIds[i], row, from.capacity, sequenceIds[i], to);
                copyRow(from.sequenceLengths[i], row, from.capacity, sequenceLengths[i], to);
            }
            copyRow(from.label, row, from.capacity, label, to);
            copyRow(from.weight, row, from.capacity, weight, to);
            to++;
        }
        for (long i = to; i < rows; i++) {
            weight.setAtIndex(JAVA_FLOAT, i, 1f);
        }
        rows = to;
    }

    private void takeBag(MicroBatch from, BitSet taken, int bag) {
        int row = 0;
        int end = 0;
        for (int each = taken.nextSetBit(0); each >= 0; each = taken.nextSetBit(each + 1)) {
            int first = from.bagOffsets[bag].getAtIndex(JAVA_INT, each);
            int count = from.bagOffsets[bag].getAtIndex(JAVA_INT, each + 1L) - first;
            MemorySegment.copy(
                    from.bagIds[bag],
                    (long) first * Integer.BYTES,
                    bagIds[bag],
                    (long) end * Integer.BYTES,
                    (long) count * Integer.BYTES);
            bagOffsets[bag].setAtIndex(JAVA_INT, row++, end);
            end += count;
        }
        bagOffsets[bag].setAtIndex(JAVA_INT, row, end);
    }

    private static void copyRow(MemorySegment from, long row, int rowsOfFrom, MemorySegment to, long at) {
        long bytes = from.byteSize() / rowsOfFrom;
        MemorySegment.copy(from, row * bytes, to, at * bytes, bytes);
    }

    /** How many buckets the rows of the i-th bag column have together. */
    public int bagSize(int bag) {
        return bagOffsets[bag].getAtIndex(JAVA_INT, rows);
    }

    @Override
    public void close() {
        for (Arena each : bagArenas) {
            each.close();
        }
        arena.close();
    }
}
