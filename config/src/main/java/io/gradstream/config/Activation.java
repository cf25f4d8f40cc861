package io.gradstream.config;

/** The function between two layers. */
public enum Activation {
    RELU,
    LEAKY_RELU,
    ELU,
    SIGMOID,
    TANH,
    GELU,
    SILU,
    SOFTPLUS
}
