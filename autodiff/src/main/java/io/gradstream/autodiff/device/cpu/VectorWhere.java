package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.op.Where;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The choice between two arrays of F32. It moves numbers and computes none, so its last elements are done one by one. */
final class VectorWhere {

    private VectorWhere() {}

    static PreparedCall prepare(Where op, List<Operand> in, Operand out) {
        Runs runs = Runs.of(
                out.shape(),
                List.of(in.get(0).shape(), in.get(1).shape(), in.get(2).shape()));
        MemorySegment condition = in.get(0).data();
        MemorySegment a = in.get(1).data();
        MemorySegment b = in.get(2).data();
        if (runs.steps()[0] == 0) {
            return PlainKernels.where(op, in.get(0), in.get(1), in.get(2), out);
        }
        return () -> {
            for (int run = 0; run < runs.count(); run++) {
                long fromCondition = (long) runs.starts()[0][run] * Float.BYTES;
                long fromA = (long) runs.starts()[1][run] * Float.BYTES;
                long fromB = (long) runs.starts()[2][run] * Float.BYTES;
                long to = (long) run * runs.length() * Float.BYTES;
                choose(
                        condition,
                        fromCondition,
                        a,
                        fromA,
                        runs.steps()[1],
                        b,
                        fromB,
                        runs.steps()[2],
                        out.data(),
                        to,
                        runs.length());
            }
        };
    }

    private static void choose(
            MemorySegment condition,
            long fromCondition,
            MemorySegment a,
            long fromA,
            int stepA,
            MemorySegment b,
            long fromB,
            int stepB,
            MemorySegment out,
            long to,
            int count) {
        float firstA = a.get(FLOAT, fromA);
        float firstB = b.get(FLOAT, fromB);
        long conditionAddress = condition.address() + fromCondition;
        long addressA = a.address() + fromA;
        long addressB = b.address() + fromB;
        long target = out.address() + to;
        int i = 0;
        for (; i <= count - FLOATS.length(); i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FloatVector x = stepA == 0
                    ? FloatVector.broadcast(FLOATS, firstA)
                    : FloatVector.fromMemorySegment(FLOATS, MEMORY, addressA + at, LITTLE_ENDIAN);
            FloatVector y = stepB == 0
                    ? FloatVector.broadcast(FLOATS, firstB)
                    : FloatVector.fromMemorySegment(FLOATS, MEMORY, addressB + at, LITTLE_ENDIAN);
            FloatVector test = FloatVector.fromMemorySegment(FLOATS, MEMORY, conditionAddress + at, LITTLE_ENDIAN);
            y.blend(x, test.compare(VectorOperators.NE, 0f)).intoMemorySegment(MEMORY, target + at, LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            long at = (long) i * Float.BYTES;
            boolean first = condition.get(FLOAT, fromCondition + at) != 0;
            out.set(FLOAT, to + at, first ? a.get(FLOAT, fromA + at * stepA) : b.get(FLOAT, fromB + at * stepB));
        }
    }
}
