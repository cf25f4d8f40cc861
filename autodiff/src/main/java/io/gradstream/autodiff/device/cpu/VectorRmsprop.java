package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.RmspropUpdate;
import jdk.incubator.vector.FloatVector;

/** {@link RmspropUpdate} on vectors. */
final class VectorRmsprop extends VectorRule {
    private final RmspropUpdate op;
    private float factor;
    private float rate;

    VectorRmsprop(RmspropUpdate op) {
        this.op = op;
    }

    @Override
    void begin(Optimizer operands) {
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        rate = (float) operands.control(Control.LEARNING_RATE);
    }

    @Override
    void update(long[] blocks, int count, long change) {
        update(blocks, blocks[0], blocks[1], blocks[2], count, change);
    }

    private void update(long[] blocks, long parameters, long gradients, long squares, int count, long change) {
        boolean centered = op.centered();
        boolean hasMomentum = op.momentum() != 0;
        long means = centered ? blocks[3] : 0;
        long momenta = hasMomentum ? blocks[blocks.length - 1] : 0;
        float decay = (float) op.weightDecay();
        float keep = (float) op.alpha();
        float gain = (float) (1 - op.alpha());
        float epsilon = (float) op.epsilon();
        float momentum = (float) op.momentum();
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector before = load(parameters + at);
            FloatVector g = before.fma(splat(decay), load(gradients + at).mul(factor));
            FloatVector v =
                    flushSecond(g.mul(g).fma(splat(gain), load(squares + at).mul(keep)));
            store(v, squares + at);
            if (centered) {
                FloatVector m = flushFirst(g.fma(splat(gain), load(means + at).mul(keep)));
                store(m, means + at);
                v = v.sub(m.mul(m)).max(0f);
            }
            FloatVector direction = g.div(v.sqrt().add(epsilon));
            if (hasMomentum) {
                direction = flushFirst(load(momenta + at).fma(splat(momentum), direction));
                store(direction, momenta + at);
            }
            store(before, before.sub(direction.mul(rate)), parameters + at, change + at);
        }
    }
}
