package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.FtrlUpdate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link FtrlUpdate} on vectors. */
final class VectorFtrl extends VectorRule {
    private final FtrlUpdate op;
    private float factor;
    private float rate;

    VectorFtrl(FtrlUpdate op) {
        this.op = op;
    }

    @Override
    void begin(Optimizer operands) {
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        rate = (float) operands.control(Control.LEARNING_RATE);
    }

    @Override
    void update(long[] blocks, int count, long change) {
        update(blocks[0], blocks[1], blocks[2], blocks[3], count, change);
    }

    private void update(long parameters, long gradients, long leaders, long squares, int count, long change) {
        float beta = (float) op.beta();
        float threshold = (float) (rate * op.l1());
        float ridge = (float) (op.beta() + rate * op.l2());
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector before = load(parameters + at);
            FloatVector g = load(gradients + at).mul(factor);
            FloatVector n = load(squares + at);
            FloatVector z = load(leaders + at).blend(before.mul(-beta), n.compare(VectorOperators.EQ, 0f));
            FloatVector root = n.sqrt();
            n = flushSecond(g.fma(g, n));
            store(n, squares + at);
            FloatVector newRoot = n.sqrt();
            VectorMask<Float> untouched = n.compare(VectorOperators.EQ, 0f);
            z = z.add(g.mul(rate)).sub(newRoot.sub(root).mul(before)).blend(0f, untouched);
            store(z, leaders + at);
            FloatVector excess = z.abs().sub(threshold).max(0f);
            FloatVector weight = splat(0f)
                    .sub(excess)
                    .blend(excess, z.compare(VectorOperators.LT, 0f))
                    .div(newRoot.add(ridge))
                    .blend(before, untouched);
            store(before, weight, parameters + at, change + at);
        }
    }
}
