package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** A number x as sign(x)·log(1 + |x|): the logarithm of counts and amounts that stays defined, and odd, below zero. */
record LogarithmicNumber(String name, double missing, DenseColumn place) implements FeatureEncoding {
    @Override
    public void check(Column column, int from, int count, RowFaults faults) {
        FiniteNumbers.check(column, name, from, count, faults);
    }

    @Override
    public void write(Column column, int from, int count, MicroBatch into, int at) {
        NumberColumn numbers = (NumberColumn) column;
        for (int i = 0; i < count; i++) {
            double number = numbers.isNull(from + i) ? missing : numbers.number(from + i);
            place.set(into, at + i, (float) Math.copySign(Math.log1p(Math.abs(number)), number));
        }
    }
}
