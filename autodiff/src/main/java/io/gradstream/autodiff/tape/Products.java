package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Linear;

/** Sums of products. */
public sealed interface Products extends Expression permits Tensor {

    /** The product of the last two axes as matrices; leading axes must be equal. */
    default Tensor matmul(Tensor other) {
        return matmul(false, other, false);
    }

    default Tensor matmul(boolean transposeThis, Tensor other, boolean transposeOther) {
        return (Tensor) tape().matmul(this, transposeThis, other, transposeOther);
    }

    /** this·weightᵀ + bias. */
    default Tensor linear(Tensor weight, Tensor bias) {
        return apply(new Linear(), weight, bias);
    }
}
