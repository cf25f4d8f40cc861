package io.gradstream.config;

/** What training makes small. */
public enum LossType {
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    MSE,
    MAE,
    HUBER,
    POISSON
}
