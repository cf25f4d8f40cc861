package io.gradstream.autodiff.nn;

/** The nonlinear function between two layers. */
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
