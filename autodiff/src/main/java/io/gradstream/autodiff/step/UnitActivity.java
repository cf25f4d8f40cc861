package io.gradstream.autodiff.step;

import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.tape.Site;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the units behind one activation behave on a micro-batch.
 *
 * @param activation its name
 * @param parameter the weight of the linear layer that feeds it, if one does
 * @param site the line of the model that asked for it
 * @param dead the share of units that are 0 for every row: rectified ones that learn nothing any more
 * @param saturated the share of outputs where the slope is below a twentieth of its greatest: sigmoid and tanh that hardly learn
 */
public record UnitActivity(String activation, Optional<String> parameter, Site site, double dead, double saturated) {
    /** The slope below which an output counts as saturated, as a share of the greatest slope. */
    private static final double SATURATION = 0.05;

    private static final double GREATEST_SIGMOID_SLOPE = 0.25;

    /** Its name, what feeds it and where it is. */
    String describe() {
        return "activation=" + activation
                + parameter.map(name -> " parameter=" + name).orElse("") + " at=" + site;
    }

    /** The activations of a forward pass, but not what makes a prediction of its outputs. */
    static List<Tensor> activations(Forward forward) {
        return forward.tape().nodes().stream()
                .filter(node -> node.op() instanceof Relu || node.op() instanceof Sigmoid || node.op() instanceof Tanh)
                .filter(node -> node.shape().rank() == 2 && !node.equals(forward.predictions()))
                .toList();
    }

    /** Records the two shares of every activation, one after the other. */
    static Tensor record(List<Tensor> activations) {
        List<Tensor> shares = new ArrayList<>();
        for (Tensor y : activations) {
            Tensor zero = y.multiply(0);
            shares.add(y.max(0).equal(zero.max(0)).mean().reshape(1));
            Tensor slope = switch (y.op()) {
                case Sigmoid _ -> y.multiply(y.negate().add(1)).multiply(1 / GREATEST_SIGMOID_SLOPE);
                case Tanh _ -> y.square().negate().add(1);
                default -> zero.add(1);
            };
            shares.add(zero.add(SATURATION).greater(slope).mean().reshape(1));
        }
        return Tensor.concat(0, shares);
    }
}
