package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.util.List;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/** The same, with vectors of F32. */
final class VectorRowOperands extends RowOperands {
    private static final int LANES = FLOATS.length();

    private final float[] lanes = new float[LANES];

    VectorRowOperands(List<Operand> operands, Workspace workspace) {
        super(operands, workspace);
    }

    @Override
    public void copy(int from, long fromAt, int to, long toAt, int count) {
        long source = address(from, fromAt, count);
        long target = address(to, toAt, count);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            fromMemorySegment(FLOATS, MEMORY, source + bytes(i), LITTLE_ENDIAN)
                    .intoMemorySegment(MEMORY, target + bytes(i), LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            MEMORY.set(FLOAT, target + bytes(i), MEMORY.get(FLOAT, source + bytes(i)));
        }
    }

    @Override
    public double dot(int a, long aAt, int b, long bAt, int count) {
        long left = address(a, aAt, count);
        long right = address(b, bAt, count);
        double sum = 0;
        int i = 0;
        if (count >= LANES) {
            FloatVector sums = FloatVector.zero(FLOATS);
            for (; i <= count - LANES; i += LANES) {
                sums = fromMemorySegment(FLOATS, MEMORY, left + bytes(i), LITTLE_ENDIAN)
                        .fma(fromMemorySegment(FLOATS, MEMORY, right + bytes(i), LITTLE_ENDIAN), sums);
            }
            sums.intoArray(lanes, 0);
            for (float lane : lanes) {
                sum += lane;
            }
        }
        for (; i < count; i++) {
            sum += (double) MEMORY.get(FLOAT, left + bytes(i)) * MEMORY.get(FLOAT, right + bytes(i));
        }
        return sum;
    }

    @Override
    public void blend(int target, long at, double keep, double factor, int source, long sourceAt, int count) {
        long to = address(target, at, count);
        long from = address(source, sourceAt, count);
        float kept = (float) keep;
        float added = (float) factor;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            fromMemorySegment(FLOATS, MEMORY, from + bytes(i), LITTLE_ENDIAN)
                    .fma(
                            broadcast(FLOATS, added),
                            fromMemorySegment(FLOATS, MEMORY, to + bytes(i), LITTLE_ENDIAN)
                                    .mul(kept))
                    .intoMemorySegment(MEMORY, to + bytes(i), LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            float blended =
                    Math.fma(MEMORY.get(FLOAT, from + bytes(i)), added, MEMORY.get(FLOAT, to + bytes(i)) * kept);
            MEMORY.set(FLOAT, to + bytes(i), blended);
        }
    }

    /** Where some elements begin, which must all belong to the operand: a row number may come from anywhere. */
    private long address(int operand, long at, int count) {
        Operand of = operand(operand);
        Objects.checkFromIndexSize(at, count, of.data().byteSize() / Float.BYTES);
        return of.data().address() + at * Float.BYTES;
    }

    private static long bytes(int elements) {
        return (long) elements * Float.BYTES;
    }
}
