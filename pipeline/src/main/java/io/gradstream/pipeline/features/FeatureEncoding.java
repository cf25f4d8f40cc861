package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;

/** How the values of one column enter the model. */
sealed interface FeatureEncoding
        permits PlainNumber, LogarithmicNumber, StandardizedNumber, CategoryBucket, CategoryBag, CategorySequence {
    /** Reports the rows whose value cannot be used. */
    void check(Column column, int from, int count, RowFaults faults);

    /** Writes the values of rows, all of them without fault, so that the first becomes row {@code at} of the micro-batch. */
    void write(Column column, int from, int count, MicroBatch into, int at);
}
