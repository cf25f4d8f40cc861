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
 * m = m + (g - m)·(1 - beta1)                 |m| &lt; 1e-25 becomes 0
 * v = v·beta2 + (1 - beta2)·g²                 v  &lt; 1e-30 becomes 0
 * p = p - LEARNING_RATE/(1 - beta1ᵗ) · m / (√v/√(1 - beta2ᵗ) + epsilon)
 * </pre>
 */
public record AdamUpdate(
        double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled, Segments segments)
        implements ElementwiseUpdate {

    public AdamUpdate {
        Ranges.share("beta1", beta1);
        Ranges.share("beta2", beta2);
        Ranges.notNegative("epsilon", epsilon);
        Ranges.notNegative("weightDecay", weightDecay);
    }

    @Override
    public int moments() {
        return 2;
    }

    @Override
    public boolean restsWithoutGradient() {
        return false;
    }

    @Override
    public ElementRule rule() {
        return new ElementRule() {
            private double shrink;
            private double decay;
            private double stepSize;
            private double correction;

            @Override
            public void begin(double learningRate, double step) {
                shrink = decoupled ? 1 - learningRate * weightDecay : 1;
                decay = decoupled ? 0 : weightDecay;
                stepSize = learningRate / (1 - Math.pow(beta1, step));
                correction = Math.sqrt(1 - Math.pow(beta2, step));
            }

            @Override
            public double update(double p, double gradient, double[] moments) {
                double g = gradient + decay * p;
                double m = moments[0] + (g - moments[0]) * (1 - beta1);
                double v = moments[1] * beta2 + (1 - beta2) * g * g;
                moments[0] = OptimizerUpdate.flush(m, FIRST_MOMENT_FLUSH);
                moments[1] = OptimizerUpdate.flush(v, SECOND_MOMENT_FLUSH);
                return p * shrink - stepSize * moments[0] / (Math.sqrt(moments[1]) / correction + epsilon);
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        AdamUpdate coupled = new AdamUpdate(0.9, 0.999, 1e-8, 0.1, false, segments);
        AdamUpdate decoupled = new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, segments);
        AdamUpdate plain = new AdamUpdate(0.9, 0.999, 1e-8, 0, false, segments);
        List<Literal> moments = List.of(UpdateSample.wave(), UpdateSample.positive());
        return List.of(
                UpdateSample.of(plain, ControlSample.block(), moments),
                UpdateSample.of(coupled, ControlSample.block(), moments),
                UpdateSample.of(decoupled, ControlSample.block(), moments),
                UpdateSample.of(decoupled, ControlSample.with(Control.STEP_COUNT, 1), moments),
                UpdateSample.of(decoupled, ControlSample.with(Control.FOUND_INF, 1), moments),
                UpdateSample.withoutGradients(plain, List.of(UpdateSample.wave(1e-25), UpdateSample.positive(1e-30))));
    }
}
