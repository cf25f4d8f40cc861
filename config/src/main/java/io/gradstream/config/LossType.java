package io.gradstream.config;

import io.gradstream.config.yaml.Later;

/** What training makes small. */
@Later({"mae", "huber", "poisson"})
public enum LossType {
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    MSE
}
