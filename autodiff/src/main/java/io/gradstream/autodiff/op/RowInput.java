package io.gradstream.autodiff.op;

/** A part of a linear model's input, as {@link RowByRow} finds it among its operands. */
public sealed interface RowInput {

    /** How many of the model's inputs it gives. */
    int width();

    /** How many operands it takes. */
    int operands();

    /** Numbers: one operand, F32 [rows, width]. */
    record Numbers(int width) implements RowInput {
        @Override
        public int operands() {
            return 1;
        }
    }

    /** A row of a table that is learned too: a table F32 [buckets, width], and I32 [rows] ids. */
    record Category(int width) implements RowInput {
        @Override
        public int operands() {
            return 2;
        }
    }

    /** Some rows of a table that is learned too, combined: a table F32 [buckets, width], I32 ids of all rows, I32 [rows + 1] offsets. */
    record Bag(int width, Combine combine) implements RowInput {
        @Override
        public int operands() {
            return 3;
        }
    }
}
