package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.ListColumn;
import java.lang.foreign.MemorySegment;

/**
 * The newest categories of a list as their buckets, from the oldest to the newest, with padding up to the model's length. Missing elements are left out, and a missing list is an empty one.
 */
record CategorySequence(String name, Buckets buckets, int length, int index) implements FeatureEncoding {
    @Override
    public void check(Column column, int from, int count, RowFaults faults) {
        CategoryBag.requireCategories(name, (ListColumn) column, from, count, faults);
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ListColumn lists = (ListColumn) column;
        MemorySegment ids = into.sequenceIds(index);
        MemorySegment lengths = into.sequenceLengths(index);
        for (int i = 0; i < count; i++) {
            long first = (long) (at + i) * length;
            int items = lists.isNull(from + i) ? 0 : write(lists, from + i, ids, first);
            lengths.setAtIndex(JAVA_INT, at + i, items);
            for (int padding = items; padding < length; padding++) {
                ids.setAtIndex(JAVA_INT, first + padding, 0);
            }
        }
    }

    private int write(ListColumn lists, int row, MemorySegment ids, long to) {
        Column elements = lists.elements();
        int items = 0;
        for (int element = oldest(lists, row); element < lists.end(row); element++) {
            if (!elements.isNull(element)) {
                ids.setAtIndex(JAVA_INT, to + items++, buckets.bucket(elements, element));
            }
        }
        return items;
    }

    /** The first element of which no more than the length are left, missing ones not counted. */
    private int oldest(ListColumn lists, int row) {
        Column elements = lists.elements();
        int items = 0;
        int oldest = lists.end(row);
        while (oldest > lists.start(row) && items < length) {
            oldest--;
            items += elements.isNull(oldest) ? 0 : 1;
        }
        return oldest;
    }
}
