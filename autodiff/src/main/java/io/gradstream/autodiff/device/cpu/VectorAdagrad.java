package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.AdagradUpdate;
import io.gradstream.autodiff.op.Control;
import jdk.incubator.vector.FloatVector;

/** {@link AdagradUpdate} on vectors. */
final class VectorAdagrad extends VectorRule {
    private final AdagradUpdate op;
    private float factor;
    private float rate;

    VectorAdagrad(AdagradUpdate op) {
        this.op = op;
    }

    @Override
    void begin(Optimizer operands) {
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        double steps = operands.control(Control.STEP_COUNT);
        rate = (float) (operands.control(Control.LEARNING_RATE) / (1 + (steps - 1) * op.rateDecay()));
    }

    @Override
    void update(long[] blocks, int count, long change) {
        update(blocks[0], blocks[1], blocks[2], count, change);
    }

    private void update(long parameters, long gradients, long sums, int count, long change) {
        float decay = (float) op.weightDecay();
        float initial = (float) op.initial();
        float epsilon = (float) op.epsilon();
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector before = load(parameters + at);
            FloatVector g = before.fma(splat(decay), load(gradients + at).mul(factor));
            FloatVector sum = flushSecond(g.fma(g, load(sums + at)));
            store(sum, sums + at);
            FloatVector direction = g.mul(rate).div(sum.add(initial).sqrt().add(epsilon));
            store(before, before.sub(direction), parameters + at, change + at);
        }
    }
}
