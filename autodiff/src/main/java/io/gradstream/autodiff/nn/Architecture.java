package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** What stands between the inputs of a model and its outputs. */
public sealed interface Architecture extends Network
        permits Architecture.Linear,
                Architecture.Mlp,
                WideDeep,
                DeepFm,
                Dlrm,
                DeepCross,
                GruModel,
                TransformerModel,
                Autoencoder,
                Custom {
    /** One affine map of the concatenated inputs. */
    record Linear() implements Architecture {
        @Override
        public Tensor forward(ModelInputs inputs, Parameters parameters) {
            return new io.gradstream.autodiff.nn.Linear(inputs.outputs())
                    .forward(inputs.concatenate(parameters), parameters.in("linear"));
        }
    }

    /**
     * Affine maps of the given widths with an activation after each but the last, which leads to the outputs; where it is asked for, with a
     * normalization before each activation and dropout behind it.
     */
    record Mlp(List<Integer> hidden, Activation activation, Normalization normalization, double dropout)
            implements Architecture {
        public Mlp {
            hidden = new Perceptron(hidden, activation, normalization, dropout).hidden();
        }

        /** Affine maps and activations alone. */
        public Mlp(List<Integer> hidden, Activation activation) {
            this(hidden, activation, Normalization.NONE, 0);
        }

        @Override
        public Tensor forward(ModelInputs inputs, Parameters parameters) {
            return new Perceptron(hidden, activation, normalization, dropout)
                    .outputs(inputs.concatenate(parameters), inputs, parameters.in("mlp"));
        }
    }
}
