package io.gradstream.pipeline.features;

import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;

/** The rule that a number must be finite as a float: one that is not would make the whole model NaN. */
final class FiniteNumbers {
    private FiniteNumbers() {}

    static void check(Column column, String name, int from, int count, RowFaults faults) {
        if (!(column instanceof FloatColumn numbers) || allFinite(numbers, from, count)) {
            return;
        }
        for (int row = from; row < from + count; row++) {
            if (!numbers.isNull(row) && !Float.isFinite((float) numbers.number(row))) {
                faults.add(
                        row,
                        RowFaults.NOT_FINITE,
                        "numbers must be finite as floats: " + name + "=" + numbers.number(row));
            }
        }
    }

    /** Whether all are finite, missing ones aside: 0·x is 0 for finite x, and NaN for all others. */
    private static boolean allFinite(FloatColumn numbers, int from, int count) {
        boolean nulls = numbers.hasNulls();
        float zero = 0;
        for (int row = from; row < from + count; row++) {
            float number = (float) numbers.number(row);
            zero += nulls && numbers.isNull(row) ? 0 : 0 * number;
        }
        return zero == 0;
    }
}
