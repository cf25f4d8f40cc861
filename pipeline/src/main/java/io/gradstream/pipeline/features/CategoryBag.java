package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.ListColumn;
import java.lang.foreign.MemorySegment;

/** A list of categories as their buckets: missing elements are left out, and a missing list is an empty one. */
record CategoryBag(String name, Buckets buckets, int index) implements FeatureEncoding {
    /** Above this not every float has an integer of its own. */
    private static final double LARGEST = 1L << 53;

    @Override
    public void check(Column column, int from, int count, RowFaults faults) {
        requireCategories(name, (ListColumn) column, from, count, faults);
    }

    /** Reports the rows whose lists have a number that is no category. */
    static void requireCategories(String name, ListColumn lists, int from, int count, RowFaults faults) {
        if (!(lists.elements() instanceof FloatColumn numbers)) {
            return;
        }
        for (int row = from; row < from + count; row++) {
            for (int i = lists.start(row); i < lists.end(row) && !lists.isNull(row); i++) {
                if (!numbers.isNull(i) && !isWhole(numbers.number(i))) {
                    faults.add(
                            row,
                            RowFaults.BAD_CATEGORY,
                            "categories must be texts or whole numbers: " + name + "=" + numbers.number(i));
                    break;
                }
            }
        }
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= LARGEST;
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ListColumn lists = (ListColumn) column;
        Column elements = lists.elements();
        MemorySegment offsets = into.bagOffsets(index);
        int end = at == 0 ? 0 : offsets.getAtIndex(JAVA_INT, at);
        offsets.setAtIndex(JAVA_INT, at, end);
        into.ensureBagCapacity(index, Math.addExact(end, lists.end(from + count - 1) - lists.start(from)));
        MemorySegment ids = into.bagIds(index);
        for (int i = 0; i < count; i++) {
            int row = from + i;
            if (!lists.isNull(row)) {
                for (int element = lists.start(row); element < lists.end(row); element++) {
                    if (!elements.isNull(element)) {
                        ids.setAtIndex(JAVA_INT, end++, buckets.bucket(elements, element));
                    }
                }
            }
            offsets.setAtIndex(JAVA_INT, at + i + 1L, end);
        }
    }
}
