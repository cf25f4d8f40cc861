package io.gradstream.autodiff.op;

import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton 2012) as {@code torch.optim.RMSprop}. Operands: parameters p, gradients, mean square v, mean m
 * (only if centered), momentum b (only if momentum is not 0), control block, update statistics.
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR + weightDecay·p
 * v = v·alpha + (1 - alpha)·g²                 v  &lt; 1e-30 becomes 0
 * centered:   m = m·alpha + (1 - alpha)·g     |m| &lt; 1e-25 becomes 0
 *             d = √max(0, v - m²) + epsilon
 * otherwise:  d = √v + epsilon
 * if momentum ≠ 0:
 *     b = momentum·b + g/d                    |b| &lt; 1e-25 becomes 0
 *     p = p - LEARNING_RATE·b
 * else:
 *     p = p - LEARNING_RATE·g/d
 * </pre>
 */
public record RmspropUpdate(
        double alpha, double epsilon, double weightDecay, double momentum, boolean centered, Segments segments)
        implements ElementwiseUpdate {

    public RmspropUpdate {
        Ranges.share("alpha", alpha);
        Ranges.notNegative("weightDecay", weightDecay);
        Ranges.share("momentum", momentum);
        Ranges.positive("epsilon", epsilon);
    }

    @Override
    public int moments() {
        return 1 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1);
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
            public double update(double p, double gradient, double[] moments) {
                double g = gradient + weightDecay * p;
                double v = OptimizerUpdate.flush(moments[0] * alpha + (1 - alpha) * g * g, SECOND_MOMENT_FLUSH);
                moments[0] = v;
                if (centered) {
                    double m = OptimizerUpdate.flush(moments[1] * alpha + (1 - alpha) * g, FIRST_MOMENT_FLUSH);
                    moments[1] = m;
                    v = Math.max(0, v - m * m);
                }
                double direction = g / (Math.sqrt(v) + epsilon);
                if (momentum != 0) {
                    int last = moments() - 1;
                    moments[last] = OptimizerUpdate.flush(momentum * moments[last] + direction, FIRST_MOMENT_FLUSH);
                    direction = moments[last];
                }
                return p - rate * direction;
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        List<Sample> samples = new ArrayList<>();
        for (double momentum : new double[] {0, 0.9}) {
            for (boolean centered : new boolean[] {false, true}) {
                RmspropUpdate op = new RmspropUpdate(0.99, 1e-8, 0.1, momentum, centered, segments);
                samples.add(UpdateSample.of(op, ControlSample.block(), moments(op, 1, 1)));
                samples.add(UpdateSample.of(op, ControlSample.with(Control.FOUND_INF, 1), moments(op, 1, 1)));
            }
        }
        RmspropUpdate decaying = new RmspropUpdate(0.9, 1e-8, 0, 0.9, true, segments);
        samples.add(UpdateSample.withoutGradients(decaying, moments(decaying, 1e-25, 1e-30)));
        return samples;
    }

    private static List<Literal> moments(RmspropUpdate op, double first, double second) {
        List<Literal> moments = new ArrayList<>();
        moments.add(UpdateSample.positive(5 * second));
        while (moments.size() < op.moments()) {
            moments.add(UpdateSample.wave(first));
        }
        return moments;
    }
}
