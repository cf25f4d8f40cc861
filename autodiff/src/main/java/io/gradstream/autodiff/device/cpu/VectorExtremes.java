package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/** The largest elements of F32 arrays along rows or columns; the order of comparisons changes nothing. */
final class VectorExtremes {
    private static final int LANES = FLOATS.length();

    private VectorExtremes() {}

    /** The largest over the axes in which the result has extent 1, or empty when they form neither rows nor columns. */
    static Optional<PreparedCall> max(Operand in, Operand out) {
        Folds folds = Folds.of(in.shape(), out.shape());
        if (folds.alongRows()) {
            float[] lanes = new float[LANES];
            return Optional.of(() -> rows(folds, in.data(), out.data(), lanes));
        }
        return folds.alongColumns() ? Optional.of(() -> columns(folds, in.data(), out.data())) : Optional.empty();
    }

    private static void rows(Folds folds, MemorySegment in, MemorySegment out, float[] lanes) {
        for (int to = 0; to < folds.count(); to++) {
            float max = row(in.address() + (long) folds.bases()[to] * Float.BYTES, folds.length(), lanes);
            out.set(FLOAT, (long) to * Float.BYTES, max);
        }
    }

    /** The largest of neighbouring elements. */
    static float row(long from, int count, float[] lanes) {
        float max = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (count >= LANES) {
            FloatVector largest = broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            for (; i <= count - LANES; i += LANES) {
                largest = largest.max(fromMemorySegment(FLOATS, MEMORY, from + (long) i * Float.BYTES, LITTLE_ENDIAN));
            }
            largest.intoArray(lanes, 0);
            max = Lanes.max(lanes);
        }
        for (; i < count; i++) {
            max = Math.max(max, MEMORY.get(FLOAT, from + (long) i * Float.BYTES));
        }
        return max;
    }

    private static void columns(Folds folds, MemorySegment in, MemorySegment out) {
        int[] rows = folds.offsets();
        int column = 0;
        for (; column <= folds.count() - LANES; column += LANES) {
            vectorOfColumns(
                    rows, in.address() + (long) column * Float.BYTES, out.address() + (long) column * Float.BYTES);
        }
        for (; column < folds.count(); column++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int row : rows) {
                max = Math.max(max, in.get(FLOAT, ((long) row + column) * Float.BYTES));
            }
            out.set(FLOAT, (long) column * Float.BYTES, max);
        }
    }

    private static void vectorOfColumns(int[] rows, long in, long out) {
        FloatVector largest = broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int row : rows) {
            largest = largest.max(fromMemorySegment(FLOATS, MEMORY, in + (long) row * Float.BYTES, LITTLE_ENDIAN));
        }
        largest.intoMemorySegment(MEMORY, out, LITTLE_ENDIAN);
    }
}
