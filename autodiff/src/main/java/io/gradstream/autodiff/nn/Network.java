package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/**
 * A model as a function of its inputs and its parameters. It is called to be recorded, not to compute: once to find its parameters and
 * again whenever a plan is made, so it must ask for the same parameters every time.
 */
@FunctionalInterface
public interface Network {
    /** Records the forward pass: F32 [rows, outputs] before any sigmoid or softmax. */
    Tensor forward(ModelInputs inputs, Parameters parameters);
}
