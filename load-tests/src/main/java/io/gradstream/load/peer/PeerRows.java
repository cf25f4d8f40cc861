package io.gradstream.load.peer;

import java.util.List;
import java.util.Optional;

/**
 * Some rows on the heap: numeric columns row by row, one bucket per table, the buckets of every bag, labels (class
 * numbers for cross entropy) and weights, where absent weights are ones.
 */
@SuppressWarnings("ArrayRecordComponent") // rows are carried to the library and never compared
public record PeerRows(
        int count, float[] dense, List<long[]> tables, List<BagIds> bags, float[] label, Optional<float[]> weight) {
    public PeerRows {
        tables = List.copyOf(tables);
        bags = List.copyOf(bags);
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
