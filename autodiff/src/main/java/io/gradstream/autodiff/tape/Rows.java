package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.LogSoftmax;

/** Functions of the elements along the last axis together. */
public sealed interface Rows extends Expression permits Tensor {

    default Tensor softmax() {
        return (Tensor) tape().softmax(this);
    }

    default Tensor logSoftmax() {
        return apply(new LogSoftmax());
    }
}
