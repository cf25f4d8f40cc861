package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;

/** A table's touched rows in the middle of a step, as operands of samples. */
final class TableSample {

    private TableSample() {}

    @SuppressWarnings("ArrayRecordComponent") // written in place, never compared
    private record Values(double[] values) implements Elements {
        @Override
        public double get(long index) {
            return values[(int) index];
        }

        @Override
        public void set(long index, double value) {
            values[(int) index] = value;
        }
    }

    /** The index of slots that some rows have got, one after the other. */
    static Literal index(int capacity, int... rows) {
        Slots slots = new Slots(capacity);
        double[] index = new double[(int) slots.type().shape().size()];
        for (int row : rows) {
            slots.claim(new Values(index), row);
        }
        return new Literal(slots.type(), index);
    }

    /** Gradients of which those of some rows are not zero. */
    static Literal gradients(int capacity, int width, int... rows) {
        double[] values = new double[capacity * width];
        System.arraycopy(Literal.ripple(capacity, width).values(), 0, values, 0, rows.length * width);
        return new Literal(TensorType.of(DType.F32, capacity, width), values);
    }
}
