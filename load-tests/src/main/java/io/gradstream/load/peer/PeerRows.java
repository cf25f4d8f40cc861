package io.gradstream.load.peer;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Some rows on the heap: numeric columns row by row, one bucket per table, the buckets of every bag and of
 * every sequence, labels (class numbers for cross entropy) and weights, where absent weights are ones.
 */
@SuppressWarnings("ArrayRecordComponent") // rows are carried to the library and never compared
public record PeerRows(
        int count,
        float[] dense,
        List<long[]> tables,
        List<BagIds> bags,
        List<SequenceIds> sequences,
        float[] label,
        Optional<float[]> weight) {
    /** Rows without sequences. */
    public PeerRows(
            int count, float[] dense, List<long[]> tables, List<BagIds> bags, float[] label, Optional<float[]> weight) {
        this(count, dense, tables, bags, List.of(), label, weight);
    }

    public PeerRows {
        tables = List.copyOf(tables);
        bags = List.copyOf(bags);
        sequences = List.copyOf(sequences);
        if (count < 1) {
            throw new IllegalArgumentException("there must be rows: rows=" + count);
        }
        if (label.length != count) {
            throw new IllegalArgumentException("every row has a label: rows=" + count + " labels=" + label.length);
        }
        weight.ifPresent(weights -> {
            if (weights.length != count) {
                throw new IllegalArgumentException(
                        "every row has a weight: rows=" + count + " weights=" + weights.length);
            }
        });
    }

    /** The buckets of one bag column: row {@code r} has those from {@code offsets[r]} to the next offset or the end. */
    @SuppressWarnings("ArrayRecordComponent")
    public record BagIds(long[] ids, long[] offsets) {}

    /** The buckets of one sequence column, a row of ids per example of which the first {@code lengths[r]} count. */
    @SuppressWarnings("ArrayRecordComponent")
    public record SequenceIds(long[] ids, long[] lengths) {
        int length() {
            return ids.length / lengths.length;
        }

        boolean full() {
            return LongStream.of(lengths).allMatch(items -> items == length());
        }
    }

    /** The sum of the rows' weights. */
    public double totalWeight() {
        if (weight.isEmpty()) {
            return count;
        }
        double sum = 0;
        for (float w : weight.get()) {
            sum += w;
        }
        return sum;
    }
}
