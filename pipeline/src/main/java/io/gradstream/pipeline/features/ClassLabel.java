package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** One of {@code classes}, by its number from 0. */
record ClassLabel(String name, int classes) implements LabelEncoding {
    @Override
    public boolean allows(double number) {
        return number >= 0 && number < classes && number == Math.rint(number);
    }

    @Override
    public String rule() {
        return "a class from 0 to " + (classes - 1);
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        NumberColumn labels = (NumberColumn) column;
        for (int i = 0; i < count; i++) {
            into.label().setAtIndex(JAVA_INT, at + i, (int) labels.number(from + i));
        }
    }
}
