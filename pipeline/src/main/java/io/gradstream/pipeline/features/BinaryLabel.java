package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** No or yes, as 0 or 1. */
record BinaryLabel(String name) implements LabelEncoding {
    @Override
    public boolean allows(double number) {
        return number == 0 || number == 1;
    }

    @Override
    public String rule() {
        return "0 or 1";
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ((NumberColumn) column).copyTo(from, count, into.label(), (long) at * Float.BYTES, Float.BYTES, Float.NaN);
    }
}
