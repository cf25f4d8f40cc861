package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.op.AdagradUpdate;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.FtrlUpdate;
import io.gradstream.autodiff.op.LionUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.RmspropUpdate;
import io.gradstream.autodiff.op.SgdUpdate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** An optimizer's rule on vectors of F32: what it does to a run of elements, wherever they lie. */
abstract class VectorRule {
    static final int LANES = FLOATS.length();

    static VectorRule of(ElementwiseUpdate op) {
        return switch (op) {
            case SgdUpdate sgd -> new VectorSgd(sgd);
            case AdamUpdate adam -> new VectorAdam(adam);
            case AdagradUpdate adagrad -> new VectorAdagrad(adagrad);
            case RmspropUpdate rmsprop -> new VectorRmsprop(rmsprop);
            case LionUpdate lion -> new VectorLion(lion);
            case FtrlUpdate ftrl -> new VectorFtrl(ftrl);
        };
    }

    /** Begins a step: the scalars of the control block are read and rounded. */
    abstract void begin(Optimizer operands);

    /**
     * Updates whole vectors, and writes what was added to the parameters.
     *
     * @param blocks the addresses of the first parameter, its gradient and its moments
     * @param count how many elements, a multiple of the lanes
     * @param change an address with room for as many floats
     */
    abstract void update(long[] blocks, int count, long change);

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, LITTLE_ENDIAN);
    }

    static void store(FloatVector values, long address) {
        values.intoMemorySegment(MEMORY, address, LITTLE_ENDIAN);
    }

    /** Stores new parameters and by how much they changed. */
    static void store(FloatVector before, FloatVector after, long address, long change) {
        store(after, address);
        store(after.sub(before), change);
    }

    static FloatVector flushFirst(FloatVector moment) {
        return moment.blend(0f, moment.abs().compare(VectorOperators.LT, (float) OptimizerUpdate.FIRST_MOMENT_FLUSH));
    }

    static FloatVector flushSecond(FloatVector moment) {
        return moment.blend(0f, moment.compare(VectorOperators.LT, (float) OptimizerUpdate.SECOND_MOMENT_FLUSH));
    }
}
