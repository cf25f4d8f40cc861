package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** Any number. */
record RealLabel(String name) implements LabelEncoding {
    @Override
    public boolean allows(double number) {
        return Float.isFinite((float) number);
    }

    @Override
    public String rule() {
        return "finite as a float";
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ((NumberColumn) column).copyTo(from, count, into.label(), (long) at * Float.BYTES, Float.BYTES, Float.NaN);
    }
}
