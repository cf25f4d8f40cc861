package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** How often something happened: any number that is not negative. */
record CountLabel(String name) implements LabelEncoding {
    @Override
    public boolean allows(double number) {
        return number >= 0 && Float.isFinite((float) number);
    }

    @Override
    public String rule() {
        return "a count, 0 or more";
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        ((NumberColumn) column).copyTo(from, count, into.label(), (long) at * Float.BYTES, Float.BYTES, Float.NaN);
    }
}
