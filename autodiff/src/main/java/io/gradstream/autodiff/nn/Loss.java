package io.gradstream.autodiff.nn;

/** What a model is punished for, per row. */
public enum Loss {
    /** −y·ln σ(z) − (1−y)·ln(1−σ(z)) of the logits z, averaged over the outputs; predictions are probabilities. */
    BINARY_CROSS_ENTROPY,
    /** −ln softmax(z)ₖ of the logits z and the class k; predictions are class probabilities. */
    CROSS_ENTROPY,
    /** (z − y)², averaged over the outputs; predictions are values. */
    MSE
}
