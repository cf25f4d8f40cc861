package io.gradstream.config;

import io.gradstream.config.yaml.Later;

/** The function between two layers. */
@Later({"leaky-relu", "gelu", "silu", "softplus", "elu"})
public enum Activation {
    RELU,
    SIGMOID,
    TANH
}
