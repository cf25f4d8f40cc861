package io.gradstream.config;

/** What training makes small. */
public enum LossType {
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    MSE,
    MAE,
    HUBER,
    POISSON,
    /** What the model itself gives as its loss. */
    RECONSTRUCTION;

    /** Whether rows have an answer to learn. */
    public boolean needsLabel() {
        return this != RECONSTRUCTION;
    }
}
