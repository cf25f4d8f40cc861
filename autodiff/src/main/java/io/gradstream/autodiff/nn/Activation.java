package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/** The nonlinear function between two layers. */
public enum Activation {
    RELU,
    LEAKY_RELU,
    ELU,
    SIGMOID,
    TANH,
    GELU,
    SILU,
    SOFTPLUS;

    /** Records this function of every element. */
    public Tensor apply(Tensor x) {
        return switch (this) {
            case RELU -> x.relu();
            case LEAKY_RELU -> x.leakyRelu(0.01);
            case ELU -> x.elu(1);
            case SIGMOID -> x.sigmoid();
            case TANH -> x.tanh();
            case GELU -> x.gelu();
            case SILU -> x.silu();
            case SOFTPLUS -> x.softplus();
        };
    }
}
