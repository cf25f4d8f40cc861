package io.gradstream.autodiff.op;

import java.util.List;

/**
 * Lion, "evolved sign momentum" (Chen et al. 2023, arXiv 2302.06675). Operands: parameters p, gradients, momentum m, control block,
 * update statistics.
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR
 * c = beta1·m + (1 - beta1)·g
 * p = p·(1 - LEARNING_RATE·weightDecay) - LEARNING_RATE·sign(c)
 * m = beta2·m + (1 - beta2)·g                 |m| &lt; 1e-25 becomes 0
 * </pre>
 */
public record LionUpdate(double beta1, double beta2, double weightDecay, Segments segments)
        implements ElementwiseUpdate {

    public LionUpdate {
        Ranges.share("beta1", beta1);
        Ranges.share("beta2", beta2);
        Ranges.notNegative("weightDecay", weightDecay);
    }

    @Override
    public int moments() {
        return 1;
    }

    @Override
    public boolean restsWithoutGradient() {
        return false;
    }

    @Override
    public ElementRule rule() {
        return new ElementRule() {
            private double rate;

            @Override
            public void begin(double learningRate, double step) {
                rate = learningRate;
            }

            @Override
            public double update(double p, double g, double[] moments) {
                double direction = Math.signum(beta1 * moments[0] + (1 - beta1) * g);
                moments[0] = OptimizerUpdate.flush(beta2 * moments[0] + (1 - beta2) * g, FIRST_MOMENT_FLUSH);
                return p * (1 - rate * weightDecay) - rate * direction;
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        LionUpdate usual = new LionUpdate(0.9, 0.99, 0, segments);
        List<Literal> moments = List.of(UpdateSample.wave());
        return List.of(
                UpdateSample.of(usual, ControlSample.block(), moments),
                UpdateSample.of(new LionUpdate(0.5, 0.9, 0.1, segments), ControlSample.block(), moments),
                UpdateSample.of(usual, ControlSample.with(Control.FOUND_INF, 1), moments),
                UpdateSample.withoutGradients(usual, List.of(UpdateSample.wave(1e-25))),
                UpdateSample.withoutGradients(usual, List.of(UpdateSample.wave(0))));
    }
}
