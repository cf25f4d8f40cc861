package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.Standardize;

/** Functions of the elements along the last axis together. */
public sealed interface Rows extends Expression permits Tensor {

    /** Rows moved to mean 0 and scaled to variance 1: layer norm before gain and bias. */
    default Tensor standardize(double epsilon) {
        return apply(new Standardize(true, epsilon));
    }

    /** Rows moved to mean 0 and scaled to variance 1, times a gain, plus a bias. */
    default Tensor layerNorm(Tensor gain, Tensor bias, double epsilon) {
        return standardize(epsilon).multiply(gain).add(bias);
    }

    /** Rows scaled to a mean square of 1, times a gain. */
    default Tensor rmsNorm(Tensor gain, double epsilon) {
        return apply(new Standardize(false, epsilon)).multiply(gain);
    }

    default Tensor softmax() {
        return (Tensor) tape().softmax(this);
    }

    default Tensor logSoftmax() {
        return apply(new LogSoftmax());
    }
}
