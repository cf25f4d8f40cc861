package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/**
 * Sums of F32 arrays along rows or columns, always in the same order. A sum of n elements is made of chains of at most n/4, which keeps
 * rounding small.
 */
final class VectorSums {
    private static final int LANES = FLOATS.length();

    private VectorSums() {}

    /** The sum over the axes in which the result has extent 1, or empty when they form neither rows nor many columns side by side. */
    static Optional<PreparedCall> prepare(Operand in, Operand out) {
        Folds folds = Folds.of(in.shape(), out.shape());
        if (folds.alongRows()) {
            return Optional.of(rows(folds, in.data(), out.data()));
        }
        int together = folds.columnsTogether();
        return together >= LANES || folds.alongColumns()
                ? Optional.of(columns(folds, together, in.data(), out.data()))
                : Optional.empty();
    }

    private static PreparedCall rows(Folds folds, MemorySegment in, MemorySegment out) {
        float[] lanes = new float[LANES];
        return () -> {
            for (int to = 0; to < folds.count(); to++) {
                float sum = row(in.address() + (long) folds.bases()[to] * Float.BYTES, folds.length(), lanes);
                out.set(FLOAT, (long) to * Float.BYTES, sum);
            }
        };
    }

    /** The sum of neighbouring elements. */
    static float row(long from, int count, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int i = 0;
        for (; i <= count - 4 * LANES; i += 4 * LANES) {
            long at = from + (long) i * Float.BYTES;
            sum0 = sum0.add(fromMemorySegment(FLOATS, MEMORY, at, LITTLE_ENDIAN));
            sum1 = sum1.add(fromMemorySegment(FLOATS, MEMORY, at + (long) LANES * Float.BYTES, LITTLE_ENDIAN));
            sum2 = sum2.add(fromMemorySegment(FLOATS, MEMORY, at + 2L * LANES * Float.BYTES, LITTLE_ENDIAN));
            sum3 = sum3.add(fromMemorySegment(FLOATS, MEMORY, at + 3L * LANES * Float.BYTES, LITTLE_ENDIAN));
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(lanes, 0);
        double sum = Lanes.sum(lanes);
        for (; i < count; i++) {
            sum += MEMORY.get(FLOAT, from + (long) i * Float.BYTES);
        }
        return (float) sum;
    }

    private static PreparedCall columns(Folds folds, int together, MemorySegment in, MemorySegment out) {
        return () -> {
            for (int first = 0; first < folds.count(); first += together) {
                long from = in.address() + (long) folds.bases()[first] * Float.BYTES;
                columns(folds.offsets(), together, from, out.address() + (long) first * Float.BYTES);
            }
        };
    }

    private static void columns(int[] rows, int count, long in, long out) {
        int column = 0;
        for (; column <= count - LANES; column += LANES) {
            vectorOfColumns(rows, in, column, out);
        }
        for (; column < count; column++) {
            MEMORY.set(FLOAT, out + (long) column * Float.BYTES, column(rows, in, column));
        }
    }

    private static void vectorOfColumns(int[] rows, long in, int column, long out) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int row = 0;
        for (; row <= rows.length - 4; row += 4) {
            sum0 = sum0.add(fromMemorySegment(FLOATS, MEMORY, at(in, rows[row], column), LITTLE_ENDIAN));
            sum1 = sum1.add(fromMemorySegment(FLOATS, MEMORY, at(in, rows[row + 1], column), LITTLE_ENDIAN));
            sum2 = sum2.add(fromMemorySegment(FLOATS, MEMORY, at(in, rows[row + 2], column), LITTLE_ENDIAN));
            sum3 = sum3.add(fromMemorySegment(FLOATS, MEMORY, at(in, rows[row + 3], column), LITTLE_ENDIAN));
        }
        for (; row < rows.length; row++) {
            sum0 = sum0.add(fromMemorySegment(FLOATS, MEMORY, at(in, rows[row], column), LITTLE_ENDIAN));
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoMemorySegment(MEMORY, out + (long) column * Float.BYTES, LITTLE_ENDIAN);
    }

    /** The chains of {@link #vectorOfColumns}, for one column. */
    private static float column(int[] rows, long in, int column) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int row = 0;
        for (; row <= rows.length - 4; row += 4) {
            sum0 += MEMORY.get(FLOAT, at(in, rows[row], column));
            sum1 += MEMORY.get(FLOAT, at(in, rows[row + 1], column));
            sum2 += MEMORY.get(FLOAT, at(in, rows[row + 2], column));
            sum3 += MEMORY.get(FLOAT, at(in, rows[row + 3], column));
        }
        for (; row < rows.length; row++) {
            sum0 += MEMORY.get(FLOAT, at(in, rows[row], column));
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static long at(long in, int row, int column) {
        return in + ((long) row + column) * Float.BYTES;
    }
}
