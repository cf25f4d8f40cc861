package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import jdk.incubator.vector.FloatVector;

/** {@link AdamUpdate} on vectors. */
final class VectorAdam extends VectorRule {
    private final AdamUpdate op;
    private float factor;
    private float shrink;
    private float decay;
    private float stepSize;
    private float correction;

    VectorAdam(AdamUpdate op) {
        this.op = op;
    }

    @Override
    void begin(Optimizer operands) {
        double rate = operands.control(Control.LEARNING_RATE);
        double steps = operands.control(Control.STEP_COUNT);
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        shrink = op.decoupled() ? (float) (1 - rate * op.weightDecay()) : 1;
        decay = op.decoupled() ? 0 : (float) op.weightDecay();
        stepSize = (float) (rate / (1 - Math.pow(op.beta1(), steps)));
        correction = (float) (1 / Math.sqrt(1 - Math.pow(op.beta2(), steps)));
    }

    @Override
    void update(long[] blocks, int count, long change) {
        update(blocks[0], blocks[1], blocks[2], blocks[3], count, change);
    }

    private void update(long parameters, long gradients, long first, long second, int count, long change) {
        float gain1 = (float) (1 - op.beta1());
        float keep2 = (float) op.beta2();
        float gain2 = (float) (1 - op.beta2());
        float epsilon = (float) op.epsilon();
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector before = load(parameters + at);
            FloatVector g = before.fma(splat(decay), load(gradients + at).mul(factor));
            FloatVector m = load(first + at);
            m = flushFirst(g.sub(m).fma(splat(gain1), m));
            store(m, first + at);
            FloatVector v =
                    flushSecond(g.mul(g).fma(splat(gain2), load(second + at).mul(keep2)));
            store(v, second + at);
            FloatVector direction = m.mul(stepSize).div(v.sqrt().fma(splat(correction), splat(epsilon)));
            store(before, before.mul(shrink).sub(direction), parameters + at, change + at);
        }
    }
}
