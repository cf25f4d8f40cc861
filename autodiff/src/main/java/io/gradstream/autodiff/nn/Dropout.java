package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/**
 * Elements dropped with the probability of the rate while training, the others scaled by 1/(1 − rate) (Srivastava et al., "Dropout", 2014).
 * What is dropped is a function of the seed, the layer's name and the count of micro-batches, the same on every device.
 */
public record Dropout(double rate) {
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("rate must lie within [0, 1): rate=" + rate);
        }
    }

    public Tensor forward(Tensor x, Parameters parameters) {
        return rate == 0 || parameters.mode() == Mode.EVALUATION ? x : parameters.dropout(x, rate);
    }
}
