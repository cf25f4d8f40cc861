package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/**
 * Products of F32 with a vector on one side, or of two vectors: every number of the matrix is needed once, so that there is nothing to
 * pack and a loop is done before a library has begun. They are found at batch 1 and in layers with one output.
 *
 * <p>Each kernel sums in an order that its extents fix.
 */
final class ThinProduct {
    private static final int LANES = FLOATS.length();

    /** Below this, adding up the lanes takes longer than the products: a library that turns the matrix around is faster. */
    private static final int SHORTEST_DOT = 64;

    private ThinProduct() {}

    /** The product, or empty when no side is a vector or what would be read in vectors does not fill them. */
    static Optional<PreparedCall> prepare(Product product, Workspace workspace) {
        if (product.left().count() > 1) {
            return Optional.empty();
        }
        Matrix left = product.left();
        Matrix right = product.right();
        if (product.dtype() != DType.F32) {
            return Optional.empty();
        }
        if (product.inner() == 1 && product.bias() == null && fills(product.columns())) {
            return Optional.of(outer(product));
        }
        if (product.columns() == 1) {
            return left.columnStride() == 1
                    ? dots(product, left.data(), left.rowStride(), product.rows(), right.data(), 0)
                    : combination(product, left.data(), left.columnStride(), product.rows(), right.data(), workspace);
        }
        if (product.rows() == 1) {
            return right.columnStride() == 1
                    ? combination(product, right.data(), right.rowStride(), product.columns(), left.data(), workspace)
                    : dots(product, right.data(), right.columnStride(), product.columns(), left.data(), 1);
        }
        return Optional.empty();
    }

    private static boolean fills(int count) {
        return count % LANES == 0;
    }

    /** Every element of the result is the product of two numbers. */
    private static PreparedCall outer(Product product) {
        long left = product.left().data().address();
        long right = product.right().data().address();
        long out = product.out().address();
        int rows = product.rows();
        int columns = product.columns();
        boolean adds = product.adds();
        return () -> {
            for (int row = 0; row < rows; row++) {
                float factor = MEMORY.get(FLOAT, left + (long) row * Float.BYTES);
                long to = out + (long) row * columns * Float.BYTES;
                if (adds) {
                    addScaled(factor, right, to, columns);
                } else {
                    scaled(factor, right, to, columns);
                }
            }
        };
    }

    private static void scaled(float factor, long from, long to, int count) {
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            fromMemorySegment(FLOATS, MEMORY, from + at, LITTLE_ENDIAN)
                    .mul(factor)
                    .intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
    }

    private static void addScaled(float factor, long from, long to, int count) {
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            fromMemorySegment(FLOATS, MEMORY, to + at, LITTLE_ENDIAN)
                    .add(fromMemorySegment(FLOATS, MEMORY, from + at, LITTLE_ENDIAN)
                            .mul(factor))
                    .intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
    }

    /** Element i is the product of row i of a matrix and a vector; four rows go through the vector together. */
    private static Optional<PreparedCall> dots(
            Product product, MemorySegment matrix, long stride, int count, MemorySegment vector, int biasStep) {
        int length = product.inner();
        if (!fills(length) || length < SHORTEST_DOT) {
            return Optional.empty();
        }
        long rows = matrix.address();
        long rowBytes = stride * Float.BYTES;
        long x = vector.address();
        float[] sums = new float[4 * LANES];
        MemorySegment bias = product.bias();
        long start = bias == null ? 0 : bias.address();
        long out = product.out().address();
        boolean adds = product.adds();
        return Optional.of(() -> {
            int whole = count / 4 * 4;
            for (int i = 0; i < whole; i += 4) {
                fourDots(rows + i * rowBytes, rowBytes, x, length, sums);
                float sum0 = 0;
                float sum1 = 0;
                float sum2 = 0;
                float sum3 = 0;
                for (int lane = 0; lane < LANES; lane++) {
                    sum0 += sums[lane];
                    sum1 += sums[LANES + lane];
                    sum2 += sums[2 * LANES + lane];
                    sum3 += sums[3 * LANES + lane];
                }
                finish(sum0, i, start, biasStep, out, adds);
                finish(sum1, i + 1, start, biasStep, out, adds);
                finish(sum2, i + 2, start, biasStep, out, adds);
                finish(sum3, i + 3, start, biasStep, out, adds);
            }
            for (int i = whole; i < count; i++) {
                fourDots(rows + i * rowBytes, 0, x, length, sums);
                float sum = 0;
                for (int lane = 0; lane < LANES; lane++) {
                    sum += sums[lane];
                }
                finish(sum, i, start, biasStep, out, adds);
            }
        });
    }

    private static void fourDots(long rows, long rowBytes, long x, int length, float[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < length; k += LANES) {
            long at = (long) k * Float.BYTES;
            FloatVector factor = fromMemorySegment(FLOATS, MEMORY, x + at, LITTLE_ENDIAN);
            sum0 = fromMemorySegment(FLOATS, MEMORY, rows + at, LITTLE_ENDIAN).fma(factor, sum0);
            sum1 = fromMemorySegment(FLOATS, MEMORY, rows + rowBytes + at, LITTLE_ENDIAN)
                    .fma(factor, sum1);
            sum2 = fromMemorySegment(FLOATS, MEMORY, rows + 2 * rowBytes + at, LITTLE_ENDIAN)
                    .fma(factor, sum2);
            sum3 = fromMemorySegment(FLOATS, MEMORY, rows + 3 * rowBytes + at, LITTLE_ENDIAN)
                    .fma(factor, sum3);
        }
        sum0.intoArray(sums, 0);
        sum1.intoArray(sums, LANES);
        sum2.intoArray(sums, 2 * LANES);
        sum3.intoArray(sums, 3 * LANES);
    }

    private static void finish(float sum, int index, long bias, int biasStep, long out, boolean adds) {
        long to = out + (long) index * Float.BYTES;
        float before = adds
                ? MEMORY.get(FLOAT, to)
                : bias == 0 ? 0 : MEMORY.get(FLOAT, bias + (long) index * biasStep * Float.BYTES);
        MEMORY.set(FLOAT, to, before + sum);
    }

    /** The sum of a matrix's rows, each times its element of a vector. */
    private static Optional<PreparedCall> combination(
            Product product, MemorySegment matrix, long stride, int count, MemorySegment vector, Workspace workspace) {
        MemorySegment bias = product.bias();
        if (!fills(count) || product.inner() % 4 != 0 || bias != null) {
            return Optional.empty();
        }
        long rows = matrix.address();
        long rowBytes = stride * Float.BYTES;
        long x = vector.address();
        int inner = product.inner();
        long out = product.out().address();
        boolean adds = product.adds();
        long zeros = workspace.floats(LANES).address();
        return Optional.of(() -> {
            for (int i = 0; i < count; i += LANES) {
                long at = (long) i * Float.BYTES;
                combine(rows + at, rowBytes, x, inner, adds ? out + at : zeros, out + at);
            }
        });
    }

    /**
     * One vector of the result, in four chains, added to what lies at an address: a choice between adding and storing would put the sum
     * on the heap.
     */
    private static void combine(long rows, long rowBytes, long x, int inner, long before, long out) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < inner; k += 4) {
            long row = rows + k * rowBytes;
            long factor = x + (long) k * Float.BYTES;
            sum0 = fromMemorySegment(FLOATS, MEMORY, row, LITTLE_ENDIAN)
                    .fma(broadcast(FLOATS, MEMORY.get(FLOAT, factor)), sum0);
            sum1 = fromMemorySegment(FLOATS, MEMORY, row + rowBytes, LITTLE_ENDIAN)
                    .fma(broadcast(FLOATS, MEMORY.get(FLOAT, factor + Float.BYTES)), sum1);
            sum2 = fromMemorySegment(FLOATS, MEMORY, row + 2 * rowBytes, LITTLE_ENDIAN)
                    .fma(broadcast(FLOATS, MEMORY.get(FLOAT, factor + 2L * Float.BYTES)), sum2);
            sum3 = fromMemorySegment(FLOATS, MEMORY, row + 3 * rowBytes, LITTLE_ENDIAN)
                    .fma(broadcast(FLOATS, MEMORY.get(FLOAT, factor + 3L * Float.BYTES)), sum3);
        }
        FloatVector sum = sum0.add(sum1).add(sum2.add(sum3));
        fromMemorySegment(FLOATS, MEMORY, before, LITTLE_ENDIAN).add(sum).intoMemorySegment(MEMORY, out, LITTLE_ENDIAN);
    }
}
