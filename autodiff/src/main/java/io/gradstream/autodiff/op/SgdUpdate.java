package io.gradstream.autodiff.op;

import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent as {@code torch.optim.SGD}. Operands: parameters p, gradients, momentum b (only if momentum is
 * not 0), control block, update statistics.
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR + weightDecay·p
 * if momentum ≠ 0:
 *     b = g                                   when STEP_COUNT = 1
 *     b = momentum·b + (1 - dampening)·g      after that;  |b| < 1e-25 becomes 0
 *     g = g + momentum·b if nesterov, else b
 * p = p - LEARNING_RATE·g
 * </pre>
 */
public record SgdUpdate(double momentum, double dampening, boolean nesterov, double weightDecay, Segments segments)
        implements OptimizerUpdate {

    public SgdUpdate {
        if (!(momentum >= 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException("momentum and weight decay must not be negative: momentum=" + momentum
                    + " weightDecay=" + weightDecay);
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalArgumentException(
                    "nesterov needs momentum and no dampening: momentum=" + momentum + " dampening=" + dampening);
        }
    }

    @Override
    public int moments() {
        return momentum == 0 ? 0 : 1;
    }

    @Override
    public boolean restsWithoutGradient() {
        return momentum == 0 && weightDecay == 0;
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13));
        return List.of(
                sample(new SgdUpdate(0, 0, false, 0, segments), ControlSample.block()),
                sample(new SgdUpdate(0, 0, false, 0.1, segments), ControlSample.block()),
                sample(new SgdUpdate(0.9, 0.1, false, 0.1, segments), ControlSample.block()),
                sample(new SgdUpdate(0.9, 0.1, false, 0, segments), ControlSample.with(Control.STEP_COUNT, 1)),
                sample(new SgdUpdate(0.9, 0, true, 0.1, segments), ControlSample.block()),
                sample(new SgdUpdate(0.9, 0, true, 0.1, segments), ControlSample.with(Control.FOUND_INF, 1)));
    }

    private static Sample sample(SgdUpdate op, Literal control) {
        List<Literal> inputs = new ArrayList<>();
        inputs.add(ControlSample.padded(Literal.wave(224), op.segments(), p -> p));
        inputs.add(ControlSample.padded(Literal.ripple(224), op.segments(), g -> g));
        if (op.moments() == 1) {
            inputs.add(ControlSample.padded(Literal.fraction(224), op.segments(), b -> b < 0.2 ? 0 : b));
        }
        inputs.add(control);
        inputs.add(new Literal(OptimizerUpdate.block(2), new double[4]));
        return new Sample(op, inputs, false);
    }
}
