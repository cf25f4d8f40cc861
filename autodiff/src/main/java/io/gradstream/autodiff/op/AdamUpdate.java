package io.gradstream.autodiff.op;

import java.util.List;

/**
 * Adam as {@code torch.optim.Adam}, or {@code torch.optim.AdamW} when the weight decay is decoupled. Operands: parameters p,
 * gradients, first moment m, second moment v, control block, update statistics. With t = STEP_COUNT:
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR
 * decoupled:  p = p·(1 - LEARNING_RATE·weightDecay)
 * coupled:    g = g + weightDecay·p
 * m = m + (g - m)·(1 - beta1)                 |m| < 1e-25 becomes 0
 * v = v·beta2 + (1 - beta2)·g²                 v  < 1e-30 becomes 0
 * p = p - LEARNING_RATE/(1 - beta1ᵗ) · m / (√v/√(1 - beta2ᵗ) + epsilon)
 * </pre>
 */
public record AdamUpdate(
        double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled, Segments segments)
        implements OptimizerUpdate {

    public AdamUpdate {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("betas must lie within [0, 1): beta1=" + beta1 + " beta2=" + beta2);
        }
        if (!(epsilon >= 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException("epsilon and weight decay must not be negative: epsilon=" + epsilon
                    + " weightDecay=" + weightDecay);
        }
    }

    @Override
    public int moments() {
        return 2;
    }

    @Override
    public boolean restsWithoutGradient() {
        return false;
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13));
        return List.of(
                sample(new AdamUpdate(0.9, 0.999, 1e-8, 0, false, segments), ControlSample.block()),
                sample(new AdamUpdate(0.9, 0.999, 1e-8, 0.1, false, segments), ControlSample.block()),
                sample(new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, segments), ControlSample.block()),
                sample(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, segments),
                        ControlSample.with(Control.STEP_COUNT, 1)),
                sample(new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, segments), ControlSample.with(Control.FOUND_INF, 1)),
                denormal(new AdamUpdate(0.9, 0.999, 1e-8, 0, false, segments)));
    }

    private static Sample sample(AdamUpdate op, Literal control) {
        return sample(op, control, 1, 1, 1);
    }

    /** Moments about to decay below what is kept, under gradients of zero. */
    private static Sample denormal(AdamUpdate op) {
        return sample(op, ControlSample.block(), 0, 1e-25, 1e-30);
    }

    private static Sample sample(AdamUpdate op, Literal control, double gradient, double first, double second) {
        Segments segments = op.segments();
        return Sample.of(
                op,
                ControlSample.padded(Literal.wave(224), segments, p -> p),
                ControlSample.padded(Literal.ripple(224), segments, g -> g * gradient),
                ControlSample.padded(Literal.wave(224), segments, m -> m * first),
                ControlSample.padded(Literal.positive(224), segments, v -> v * second),
                control,
                new Literal(OptimizerUpdate.block(2), new double[4]));
    }
}
