package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The control block as each group of parameters sees it: with a learning rate and a clip coefficient of its own. */
final class GroupSteering {
    private final StepSpec spec;
    private final List<ParameterSpec> trained;
    private final Tensor control;
    private final Tensor norms;
    private final Map<Optional<ParameterGroup>, Tensor> steerings = new HashMap<>();
    private final Map<Optional<ParameterGroup>, Tensor> coefficients = new HashMap<>();

    /** @param norms the health of the gradients of everything trained, in its order */
    GroupSteering(StepSpec spec, List<ParameterSpec> trained, Tensor control, Tensor norms) {
        this.spec = spec;
        this.trained = trained;
        this.control = control;
        this.norms = norms;
    }

    Tensor of(Optional<ParameterGroup> group) {
        return steerings.computeIfAbsent(group, this::record);
    }

    /** The health of the gradients after each group was clipped. */
    Tensor clippedNorms() {
        Tensor sum = norms.multiply(0);
        for (Optional<ParameterGroup> group :
                trained.stream().map(this::groupOf).distinct().toList()) {
            sum = sum.add(
                    norms.multiply(mask(group)).multiply(coefficient(group).square()));
        }
        return sum;
    }

    private Tensor record(Optional<ParameterGroup> group) {
        Tensor own = control;
        double rate = group.map(ParameterGroup::learningRate).orElse(1.0);
        if (rate != 1) {
            double[] factors = new double[Control.values().length];
            Arrays.fill(factors, 1);
            factors[Control.LEARNING_RATE.slot()] = rate;
            own = own.multiply(literal("rates", group, Control.block(), factors));
        }
        if (spec.clip() instanceof Clip.GroupNorm) {
            double[] factor = new double[Control.values().length];
            factor[Control.GRADIENT_FACTOR.slot()] = 1;
            Tensor change = coefficient(group).add(-1);
            own = own.multiply(literal("factor", group, Control.block(), factor)
                    .multiply(change)
                    .add(1));
        }
        return own;
    }

    /** min(1, maximum / (norm + 1e-6)) over the gradients of a group, as they are unscaled. */
    private Tensor coefficient(Optional<ParameterGroup> group) {
        return coefficients.computeIfAbsent(group, _ -> {
            Tape tape = control.tape();
            double maximum = spec.clip() instanceof Clip.GroupNorm(double bound) ? bound : Double.POSITIVE_INFINITY;
            int slot = Control.UNSCALE.slot();
            Tensor norm = norms.multiply(mask(group))
                    .sum()
                    .sqrt()
                    .multiply(control.slice(0, slot, slot + 1).reshape());
            return tape.constant(maximum, DType.F64)
                    .divide(norm.add(ScaleAndClip.CLIP_EPSILON))
                    .minimum(tape.constant(1, DType.F64));
        });
    }

    private Tensor mask(Optional<ParameterGroup> group) {
        double[] mask = new double[Math.toIntExact(norms.shape().size())];
        for (int row = 0; row < trained.size(); row++) {
            if (groupOf(trained.get(row)).equals(group)) {
                mask[row * GradientHealth.COLUMNS + GradientHealth.Column.SQUARED_NORM.index()] = 1;
            }
        }
        return literal("mask", group, norms.type(), mask);
    }

    private Optional<ParameterGroup> groupOf(ParameterSpec parameter) {
        return UpdateGroup.find(spec.groups(), parameter.name());
    }

    private Tensor literal(String name, Optional<ParameterGroup> group, TensorType type, double[] values) {
        Tape tape = control.tape();
        String unique = name + "." + group.map(spec.groups()::indexOf).orElse(-1) + "."
                + tape.nodes().size();
        return tape.input(unique, new Literal(type, values));
    }
}
