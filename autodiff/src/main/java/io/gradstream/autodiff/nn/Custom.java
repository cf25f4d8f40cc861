package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/**
 * A model that a user wrote.
 *
 * @param name what errors call it, for instance its class
 */
public record Custom(String name, Network network) implements Architecture {
    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        try {
            return network.forward(inputs, parameters);
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("custom model could not be recorded: model=" + name + " cause=" + e, e);
        }
    }
}
