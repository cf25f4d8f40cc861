package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import java.util.List;

/** {@link AdamUpdate} element by element. */
final class AdamKernel extends OptimizerKernel {

    private final AdamUpdate op;
    private final Array firstMoment;
    private final Array secondMoment;
    private double decay;
    private double stepSize;
    private double correction;

    AdamKernel(AdamUpdate op, List<Array> operands) {
        super(op, operands);
        this.op = op;
        firstMoment = operands.get(2);
        secondMoment = operands.get(3);
    }

    @Override
    void begin(double learningRate, double step) {
        decay = 1 - learningRate * op.weightDecay();
        stepSize = learningRate / (1 - Math.pow(op.beta1(), step));
        correction = Math.sqrt(1 - Math.pow(op.beta2(), step));
    }

    @Override
    double update(int i, double parameter, double gradient) {
        double p = op.decoupled() ? parameter * decay : parameter;
        double g = op.decoupled() ? gradient : gradient + op.weightDecay() * parameter;
        double m = firstMoment.get(i) + (g - firstMoment.get(i)) * (1 - op.beta1());
        double v = secondMoment.get(i) * op.beta2() + (1 - op.beta2()) * g * g;
        m = flush(m, OptimizerUpdate.FIRST_MOMENT_FLUSH);
        v = flush(v, OptimizerUpdate.SECOND_MOMENT_FLUSH);
        firstMoment.set(i, m);
        secondMoment.set(i, v);
        return p - stepSize * m / (Math.sqrt(v) / correction + op.epsilon());
    }
}
