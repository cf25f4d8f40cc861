package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** How much each row counts, as its column says. */
record WeightEncoding(String name) {
    /** Reports the rows whose weight is missing, negative or not finite. */
    void check(Column column, int from, int count, RowFaults faults) {
        NumberColumn weights = (NumberColumn) column;
        for (int row = from; row < from + count; row++) {
            float weight = (float) weights.number(row);
            if (weights.isNull(row) || !(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                faults.add(
                        row,
                        RowFaults.BAD_WEIGHT,
                        "weight must be finite and not negative: " + name + "="
                                + (weights.isNull(row) ? "null" : weights.number(row)));
            }
        }
    }

    void write(Column column, int from, int count, MicroBatch into, int at) {
        ((NumberColumn) column).copyTo(from, count, into.weight(), (long) at * Float.BYTES, Float.BYTES, Float.NaN);
    }
}
