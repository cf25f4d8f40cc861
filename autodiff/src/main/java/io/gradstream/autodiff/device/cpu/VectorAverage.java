package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.gradstream.autodiff.op.AverageWeights;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/** {@link AverageWeights} on vectors. */
final class VectorAverage implements PreparedCall {
    private static final int LANES = FLOATS.length();

    private final AverageWeights op;
    private final Operand control;
    private final long average;
    private final long weights;
    private final int count;

    VectorAverage(AverageWeights op, List<Operand> operands) {
        this.op = op;
        average = operands.get(0).data().address();
        weights = operands.get(1).data().address();
        control = operands.get(2);
        count = operands.get(0).size();
    }

    @Override
    public void run() {
        float gain = (float) op.gain(control);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector a = fromMemorySegment(FLOATS, MEMORY, average + at, LITTLE_ENDIAN);
            FloatVector p = fromMemorySegment(FLOATS, MEMORY, weights + at, LITTLE_ENDIAN);
            (gain == 1 ? p : p.sub(a).fma(broadcast(FLOATS, gain), a))
                    .intoMemorySegment(MEMORY, average + at, LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            long at = (long) i * Float.BYTES;
            float a = MEMORY.get(FLOAT, average + at);
            float p = MEMORY.get(FLOAT, weights + at);
            MEMORY.set(FLOAT, average + at, gain == 1 ? p : Math.fma(p - a, gain, a));
        }
    }
}
