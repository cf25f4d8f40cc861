package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.tape.Tensor;

/** What a model is punished for, per row. */
public enum Loss {
    /** −y·ln σ(z) − (1−y)·ln(1−σ(z)) of the logit z against the label y in [0, 1]; predictions are probabilities. */
    BINARY_CROSS_ENTROPY,
    /** −ln softmax(z)ₖ of the logits z against the class k; predictions are class probabilities. */
    CROSS_ENTROPY,
    /** (z − y)² of the output z against the label y; predictions are values. */
    MSE;

    /** The element type of labels. */
    public DType labels() {
        return switch (this) {
            case BINARY_CROSS_ENTROPY, MSE -> DType.F32;
            case CROSS_ENTROPY -> DType.I32;
        };
    }

    /** Records the loss of every row: F32 [rows], from outputs [rows, outputs] and labels [rows]. */
    public Tensor record(Tensor outputs, Tensor labels) {
        int rows = outputs.shape().dim(0);
        return switch (this) {
            case BINARY_CROSS_ENTROPY -> outputs.reshape(rows).sigmoidCrossEntropy(labels);
            case CROSS_ENTROPY -> outputs.softmaxCrossEntropy(labels);
            case MSE -> outputs.reshape(rows).subtract(labels).square();
        };
    }

    /** Records what is predicted for every row: F32 [rows, outputs]. */
    public Tensor recordPredictions(Tensor outputs) {
        return switch (this) {
            case BINARY_CROSS_ENTROPY -> outputs.sigmoid();
            case CROSS_ENTROPY -> outputs.softmax();
            case MSE -> outputs;
        };
    }
}
