package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.step.MicroBatch;

/** The place of one numeric column among the {@code width} that form the dense block of a micro-batch, row by row. */
record DenseColumn(int index, int width) {
    long stride() {
        return (long) width * Float.BYTES;
    }

    /** The byte of the column's value in a row. */
    long offset(int row) {
        return row * stride() + (long) index * Float.BYTES;
    }

    void set(MicroBatch batch, int row, float value) {
        batch.dense().set(JAVA_FLOAT, offset(row), value);
    }
}
