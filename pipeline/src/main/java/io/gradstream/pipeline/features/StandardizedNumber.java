package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/**
 * A number minus the mean of the stream, over its standard deviation.
 *
 * <p>Mean and deviation are those of all rows up to and including the row itself, in the order of training. That is no peeking: a
 * row's features are known when its label is to be predicted.
 */
record StandardizedNumber(String name, double missing, DenseColumn place, StandardScaler scaler)
        implements FeatureEncoding {
    @Override
    public void check(Column column, int from, int count, RowFaults faults) {
        FiniteNumbers.check(column, name, from, count, faults);
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        NumberColumn numbers = (NumberColumn) column;
        for (int i = 0; i < count; i++) {
            double number = numbers.isNull(from + i) ? missing : numbers.number(from + i);
            scaler.learn(number);
            place.set(into, at + i, (float) scaler.scale(number));
        }
    }
}
