package io.gradstream.autodiff.op;

import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer 2011) as {@code torch.optim.Adagrad}. Operands: parameters p, gradients, sum of squares s,
 * control block, update statistics. With t = STEP_COUNT:
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR + weightDecay·p
 * s = s + g²                                  s &lt; 1e-30 becomes 0
 * p = p - LEARNING_RATE/(1 + (t - 1)·rateDecay) · g / (√(s + initial) + epsilon)
 * </pre>
 *
 * <p>What PyTorch puts into s before the first step stays outside here, so that every moment begins at zero.
 */
public record AdagradUpdate(double rateDecay, double weightDecay, double initial, double epsilon, Segments segments)
        implements ElementwiseUpdate {

    public AdagradUpdate {
        Ranges.notNegative("rateDecay", rateDecay);
        Ranges.notNegative("weightDecay", weightDecay);
        Ranges.notNegative("initial", initial);
        Ranges.notNegative("epsilon", epsilon);
        if (initial + epsilon == 0) {
            throw new IllegalArgumentException(
                    "initial sum or epsilon must be positive: initial=" + initial + " epsilon=" + epsilon);
        }
    }

    @Override
    public int moments() {
        return 1;
    }

    @Override
    public boolean restsWithoutGradient() {
        return weightDecay == 0;
    }

    @Override
    public ElementRule rule() {
        return new ElementRule() {
            private double rate;

            @Override
            public void begin(double learningRate, double step) {
                rate = learningRate / (1 + (step - 1) * rateDecay);
            }

            @Override
            public double update(double p, double gradient, double[] moments) {
                double g = gradient + weightDecay * p;
                moments[0] = OptimizerUpdate.flush(moments[0] + g * g, SECOND_MOMENT_FLUSH);
                return p - rate * g / (Math.sqrt(moments[0] + initial) + epsilon);
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        AdagradUpdate usual = new AdagradUpdate(0, 0, 0, 1e-10, segments);
        List<Literal> moments = List.of(UpdateSample.sparse());
        return List.of(
                UpdateSample.of(usual, ControlSample.block(), moments),
                UpdateSample.of(new AdagradUpdate(0.1, 0.1, 0.1, 0, segments), ControlSample.block(), moments),
                UpdateSample.of(usual, ControlSample.with(Control.FOUND_INF, 1), moments),
                UpdateSample.withoutGradients(usual, moments));
    }
}
