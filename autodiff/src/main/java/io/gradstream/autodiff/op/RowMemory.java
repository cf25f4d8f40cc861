package io.gradstream.autodiff.op;

/**
 * The operands of a {@link RowByRow} as a device holds them, and two vectors of the input's width besides them: {@link #INPUT} for
 * the row's input and {@link #INPUT_GRADIENT} for the gradient with respect to it. Places are an operand and an index in it. What is
 * done to whole vectors is defined here element by element; a device may do it faster.
 */
public interface RowMemory {
    int INPUT = -1;
    int INPUT_GRADIENT = -2;

    double get(int operand, long at);

    void set(int operand, long at, double value);

    /** Copies some elements. */
    default void copy(int from, long fromAt, int to, long toAt, int count) {
        for (int i = 0; i < count; i++) {
            set(to, toAt + i, get(from, fromAt + i));
        }
    }

    /** Sets some elements to 0. */
    default void clear(int operand, long at, int count) {
        for (int i = 0; i < count; i++) {
            set(operand, at + i, 0);
        }
    }

    /** Σ aᵢ·bᵢ, always in the same order. */
    default double dot(int a, long aAt, int b, long bAt, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += get(a, aAt + i) * get(b, bAt + i);
        }
        return sum;
    }

    /** target = keep·target + factor·source. */
    default void blend(int target, long at, double keep, double factor, int source, long sourceAt, int count) {
        for (int i = 0; i < count; i++) {
            set(target, at + i, keep * get(target, at + i) + factor * get(source, sourceAt + i));
        }
    }
}
