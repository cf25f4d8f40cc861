package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;

/**
 * An operation that draws random numbers. Its last operand is a counter, one F64: the same count draws the same numbers, on every device,
 * and so does the derivative of what was drawn. Operations of different streams are independent.
 */
public sealed interface Stochastic extends Kernel, Differentiable permits Dropout, RandomNumbers {
    Draws draws();

    /** What a counter must be: one F64. */
    static void requireCounter(Op op, TensorType counter) {
        Rules.dtype(op, counter, DType.F64);
        Rules.require(counter.shape().size() == 1, op, "needs one counter", "counter=" + counter);
    }
}
