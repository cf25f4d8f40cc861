package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.LossType;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.NumberColumn;

/** How the values of the label column become what the model learns. */
sealed interface LabelEncoding permits BinaryLabel, ClassLabel, CountLabel, RealLabel {
    static LabelEncoding of(LossType loss, String name, int outputs) {
        return switch (loss) {
            case BINARY_CROSS_ENTROPY -> new BinaryLabel(name);
            case CROSS_ENTROPY -> new ClassLabel(name, outputs);
            case MSE, MAE, HUBER -> new RealLabel(name);
            case POISSON -> new CountLabel(name);
            case RECONSTRUCTION -> throw new IllegalArgumentException("reconstruction has no label: column=" + name);
        };
    }

    String name();

    /** Whether a number can be a label. */
    boolean allows(double number);

    /** What labels must be, in words. */
    String rule();

    /** Writes labels without fault. */
    void write(Column column, int from, int count, MicroBatch into, int at);

    /** Reports the rows whose label is missing or not allowed. */
    default void check(Column column, int from, int count, RowFaults faults) {
        NumberColumn labels = (NumberColumn) column;
        for (int row = from; row < from + count; row++) {
            if (labels.isNull(row)) {
                faults.add(row, RowFaults.MISSING_LABEL, "label must be given: " + name() + "=null");
            } else if (!allows(labels.number(row))) {
                faults.add(
                        row, RowFaults.BAD_LABEL, "label must be " + rule() + ": " + name() + "=" + labels.number(row));
            }
        }
    }
}
