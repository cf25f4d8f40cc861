package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** A number as it is. */
record PlainNumber(String name, float missing, DenseColumn place) implements FeatureEncoding {
    @Override
    public void check(Column column, int from, int count, RowFaults faults) {
        FiniteNumbers.check(column, name, from, count, faults);
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ((NumberColumn) column).copyTo(from, count, into.dense(), place.offset(at), place.stride(), missing);
    }
}
