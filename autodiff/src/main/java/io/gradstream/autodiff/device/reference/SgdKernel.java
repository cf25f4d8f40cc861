package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.SgdUpdate;
import java.util.List;

/** {@link SgdUpdate} element by element. */
final class SgdKernel extends OptimizerKernel {

    private final SgdUpdate op;
    private final List<Array> operands;
    private double learningRate;
    private boolean first;

    SgdKernel(SgdUpdate op, List<Array> operands) {
        super(op, operands);
        this.op = op;
        this.operands = operands;
    }

    @Override
    void begin(double learningRate, double step) {
        this.learningRate = learningRate;
        first = step == 1;
    }

    @Override
    double update(int i, double parameter, double gradient) {
        double g = gradient + op.weightDecay() * parameter;
        if (op.momentum() != 0) {
            Array moment = operands.get(2);
            double b = first ? g : op.momentum() * moment.get(i) + (1 - op.dampening()) * g;
            b = flush(b, OptimizerUpdate.FIRST_MOMENT_FLUSH);
            moment.set(i, b);
            g = op.nesterov() ? g + op.momentum() * b : b;
        }
        return parameter - learningRate * g;
    }
}
