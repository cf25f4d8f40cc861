package io.gradstream.autodiff.op;

import java.util.List;

/**
 * FTRL-proximal with rates per coordinate (McMahan et al. 2013, "Ad Click Prediction: a View from the Trenches", algorithm 1).
 * Operands: parameters p, gradients, z, sum of squares n, control block, update statistics. With α = LEARNING_RATE:
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR
 * z = -beta·p where n = 0
 * z = z + α·g - (√(n + g²) - √n)·p
 * n = n + g²                                  n &lt; 1e-30 becomes 0
 * z = 0                                       where n = 0 still
 * p = p                                       where n = 0 still
 *     0                                       where |z| ≤ α·l1
 *     (sign(z)·α·l1 - z) / (beta + √n + α·l2) elsewhere
 * </pre>
 *
 * <p>z here is α times the paper's: under a constant learning rate that is the same, and under a schedule each gradient counts with
 * the rate of its own step, as it does for any other optimizer, where the paper's form would scale all weights whenever the rate
 * changed. The paper's weights begin at zero; z begins such that others do too, and an element that never had a gradient stays.
 */
public record FtrlUpdate(double beta, double l1, double l2, Segments segments) implements ElementwiseUpdate {

    public FtrlUpdate {
        Ranges.notNegative("beta", beta);
        Ranges.notNegative("l1", l1);
        Ranges.notNegative("l2", l2);
    }

    @Override
    public int moments() {
        return 2;
    }

    @Override
    public boolean restsWithoutGradient() {
        return l1 == 0 && l2 == 0;
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
                double before = moments[1];
                double n = OptimizerUpdate.flush(before + g * g, SECOND_MOMENT_FLUSH);
                double z = before == 0 ? -beta * p : moments[0];
                z += rate * g - (Math.sqrt(n) - Math.sqrt(before)) * p;
                moments[0] = n == 0 ? 0 : z;
                moments[1] = n;
                if (n == 0) {
                    return p;
                }
                double excess = Math.abs(z) - rate * l1;
                return excess <= 0 ? 0 : -Math.copySign(excess, z) / (beta + Math.sqrt(n) + rate * l2);
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        FtrlUpdate usual = new FtrlUpdate(1, 0, 0, segments);
        FtrlUpdate sparse = new FtrlUpdate(0.5, 60, 0.3, segments);
        List<Literal> moments = List.of(UpdateSample.wave(), UpdateSample.sparse());
        return List.of(
                UpdateSample.of(usual, ControlSample.block(), moments),
                UpdateSample.of(sparse, ControlSample.block(), moments),
                UpdateSample.of(sparse, ControlSample.with(Control.LEARNING_RATE, 0), moments),
                UpdateSample.of(sparse, ControlSample.with(Control.FOUND_INF, 1), moments),
                UpdateSample.withoutGradients(usual, moments));
    }
}
