package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** What stands between the inputs of a model and its outputs. */
public sealed interface Architecture extends Network {
    /** One affine map of the concatenated inputs. */
    record Linear() implements Architecture {
        @Override
        public Tensor forward(ModelInputs inputs, Parameters parameters) {
            return new io.gradstream.autodiff.nn.Linear(inputs.outputs())
                    .forward(inputs.concatenate(parameters), parameters.in("linear"));
        }
    }

    /** Affine maps of the given widths with an activation after each but the last, which leads to the outputs. */
    record Mlp(List<Integer> hidden, Activation activation) implements Architecture {
        public Mlp {
            hidden = new Perceptron(hidden, activation).hidden();
        }

        @Override
        public Tensor forward(ModelInputs inputs, Parameters parameters) {
            return new Perceptron(hidden, activation)
                    .forward(inputs.concatenate(parameters), inputs.outputs(), parameters.in("mlp"));
        }
    }
}
