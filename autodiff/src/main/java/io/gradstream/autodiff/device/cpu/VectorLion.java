package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.LionUpdate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link LionUpdate} on vectors. */
final class VectorLion extends VectorRule {
    private final LionUpdate op;
    private float factor;
    private float rate;
    private float shrink;

    VectorLion(LionUpdate op) {
        this.op = op;
    }

    @Override
    void begin(Optimizer operands) {
        double learningRate = operands.control(Control.LEARNING_RATE);
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        rate = (float) learningRate;
        shrink = (float) (1 - learningRate * op.weightDecay());
    }

    @Override
    void update(long[] blocks, int count, long change) {
        update(blocks[0], blocks[1], blocks[2], count, change);
    }

    private void update(long parameters, long gradients, long momenta, int count, long change) {
        float keep1 = (float) op.beta1();
        float gain1 = (float) (1 - op.beta1());
        float keep2 = (float) op.beta2();
        float gain2 = (float) (1 - op.beta2());
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector before = load(parameters + at);
            FloatVector g = load(gradients + at).mul(factor);
            FloatVector m = load(momenta + at);
            FloatVector direction = g.fma(splat(gain1), m.mul(keep1));
            store(flushFirst(g.fma(splat(gain2), m.mul(keep2))), momenta + at);
            FloatVector step = splat(0f)
                    .blend(rate, direction.compare(VectorOperators.GT, 0f))
                    .blend(-rate, direction.compare(VectorOperators.LT, 0f));
            store(before, before.mul(shrink).sub(step), parameters + at, change + at);
        }
    }
}
