package example;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Linear;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.Network;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.nn.Perceptron;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Two networks that never meet but in the end: one describes who looks, by the categorical columns, the other what is seen, by the numeric ones.
 * How well they go together is the dot product of the two descriptions.
 */
public final class TwoTowers implements Network {
    private final int width;

    /** Called with what the configuration has under {@code model.options}. */
    public TwoTowers(Map<String, String> options) {
        width = Integer.parseInt(options.getOrDefault("width", "16"));
    }

    @Override
    public Tensor forward(ModelInputs inputs, Parameters parameters) {
        Tensor seen = tower(inputs.numerics().orElseThrow(), inputs, parameters.in("item"));
        List<Tensor> viewer = inputs.columns().stream()
                .filter(InputColumn.Categorical.class::isInstance)
                .map(column -> inputs.embedded(column, parameters))
                .toList();
        Tensor looking = tower(Tensor.concat(1, viewer), inputs, parameters.in("viewer"));
        return looking.multiply(seen).sumKeeping(1);
    }

    private Tensor tower(Tensor x, ModelInputs inputs, Parameters parameters) {
        Tensor hidden = new Perceptron(List.of(2 * width), Activation.RELU).forward(x, inputs, parameters);
        return new Linear(width).forward(hidden, parameters.in("output"));
    }
}
