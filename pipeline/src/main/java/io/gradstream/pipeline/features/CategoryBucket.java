package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import java.lang.foreign.MemorySegment;

/** A category as its bucket; a missing one has a bucket as well. */
record CategoryBucket(Buckets buckets, int index) implements FeatureEncoding {
    @Override
    public void check(Column column, int from, int count, RowFaults faults) {}

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        MemorySegment ids = into.ids(index);
        for (int i = 0; i < count; i++) {
            ids.setAtIndex(JAVA_INT, at + i, buckets.bucket(column, from + i));
        }
    }
}
