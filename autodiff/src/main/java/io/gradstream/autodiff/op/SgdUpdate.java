package io.gradstream.autodiff.op;

import java.util.List;

/**
 * Stochastic gradient descent as {@code torch.optim.SGD}. Operands: parameters p, gradients, momentum b (only if momentum is
 * not 0), control block, update statistics.
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR + weightDecay·p
 * if momentum ≠ 0:
 *     b = g                                   when STEP_COUNT = 1
 *     b = momentum·b + (1 - dampening)·g      after that;  |b| &lt; 1e-25 becomes 0
 *     g = g + momentum·b if nesterov, else b
 * p = p - LEARNING_RATE·g
 * </pre>
 */
public record SgdUpdate(double momentum, double dampening, boolean nesterov, double weightDecay, Segments segments)
        implements ElementwiseUpdate {

    public SgdUpdate {
        Ranges.notNegative("momentum", momentum);
        Ranges.notNegative("weightDecay", weightDecay);
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

    @Override
    public ElementRule rule() {
        return new ElementRule() {
            private double rate;
            private boolean first;

            @Override
            public void begin(double learningRate, double step) {
                rate = learningRate;
                first = step == 1;
            }

            @Override
            public double update(double p, double gradient, double[] moments) {
                double g = gradient + weightDecay * p;
                if (momentum != 0) {
                    double b = first ? g : momentum * moments[0] + (1 - dampening) * g;
                    b = OptimizerUpdate.flush(b, FIRST_MOMENT_FLUSH);
                    moments[0] = b;
                    g = nesterov ? g + momentum * b : b;
                }
                return p - rate * g;
            }
        };
    }

    public static List<Sample> samples() {
        Segments segments = UpdateSample.SEGMENTS;
        List<Literal> moment = List.of(UpdateSample.sparse());
        return List.of(
                UpdateSample.of(new SgdUpdate(0, 0, false, 0, segments), ControlSample.block()),
                UpdateSample.of(new SgdUpdate(0, 0, false, 0.1, segments), ControlSample.block()),
                UpdateSample.of(new SgdUpdate(0.9, 0.1, false, 0.1, segments), ControlSample.block(), moment),
                UpdateSample.of(
                        new SgdUpdate(0.9, 0.1, false, 0, segments), ControlSample.with(Control.STEP_COUNT, 1), moment),
                UpdateSample.of(new SgdUpdate(0.9, 0, true, 0.1, segments), ControlSample.block(), moment),
                UpdateSample.of(
                        new SgdUpdate(0.9, 0, true, 0.1, segments), ControlSample.with(Control.FOUND_INF, 1), moment));
    }
}
