package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.SgdUpdate;
import jdk.incubator.vector.FloatVector;

/** {@link SgdUpdate} on vectors. */
final class VectorSgd extends VectorRule {
    private final float momentum;
    private final float damping;
    private final boolean nesterov;
    private final float decay;
    private float factor;
    private float rate;
    private boolean first;

    VectorSgd(SgdUpdate op) {
        momentum = (float) op.momentum();
        damping = (float) (1 - op.dampening());
        nesterov = op.nesterov();
        decay = (float) op.weightDecay();
    }

    @Override
    void begin(Optimizer operands) {
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        rate = (float) operands.control(Control.LEARNING_RATE);
        first = operands.control(Control.STEP_COUNT) == 1;
    }

    @Override
    void update(long[] blocks, int count, long change) {
        if (momentum == 0) {
            plain(blocks[0], blocks[1], count, change);
        } else {
            withMomentum(blocks[0], blocks[1], blocks[2], count, change);
        }
    }

    private void plain(long parameters, long gradients, int count, long change) {
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector p = load(parameters + at);
            FloatVector g = p.fma(splat(decay), load(gradients + at).mul(factor));
            store(p, p.sub(g.mul(rate)), parameters + at, change + at);
        }
    }

    private void withMomentum(long parameters, long gradients, long moments, int count, long change) {
        float keep = first ? 0 : momentum;
        float add = first ? 1 : damping;
        float ahead = nesterov ? momentum : 1;
        float present = nesterov ? 1 : 0;
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector p = load(parameters + at);
            FloatVector g = p.fma(splat(decay), load(gradients + at).mul(factor));
            FloatVector b = flushFirst(load(moments + at).mul(keep).add(g.mul(add)));
            store(b, moments + at);
            FloatVector direction = b.fma(splat(ahead), g.mul(present));
            store(p, p.sub(direction.mul(rate)), parameters + at, change + at);
        }
    }
}
