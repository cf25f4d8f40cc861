package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product {@code out = left · right + bias}, or {@code out += left · right} where it adds, and what is then done to it. Both sides
 * have the same dtype; the bias has one element per column.
 */
record Product(
        Matrix left,
        Matrix right,
        @Nullable MemorySegment bias,
        MemorySegment out,
        boolean adds,
        @Nullable Finish finish) {
    private static final double FLOPS_OF_A_PART = 1 << 29;
    private static final int MOST_PARTS = 4;
    private static final int ROWS_TOGETHER = 16;

    /** What is done to finished elements while they are in a near cache. */
    interface Finish {
        PreparedCall prepare(MemorySegment elements, int count, Workspace workspace);
    }

    /** A product without any addition. */
    static Product of(Matrix left, Matrix right, MemorySegment out) {
        return new Product(left, right, null, out, false, null);
    }

    DType dtype() {
        return left.dtype();
    }

    int rows() {
        return left.rows();
    }

    int inner() {
        return left.columns();
    }

    int columns() {
        return right.columns();
    }

    /** The same product of other sides of equal values. */
    Product of(Matrix otherLeft, Matrix otherRight) {
        return new Product(otherLeft, otherRight, bias, out, adds, finish);
    }

    /**
     * Its rows in parts that may be computed at the same time. The cut depends on nothing but the product, and no sum is ever cut, so that
     * the result is the same to the bit whoever computes which part.
     */
    List<Product> parts() {
        if (left.count() > 1) {
            return List.of(this);
        }
        double flops = 2.0 * rows() * inner() * columns();
        int wanted = (int) Math.clamp(flops / FLOPS_OF_A_PART, 1, MOST_PARTS);
        int together = Math.ceilDiv(Math.ceilDiv(rows(), wanted), ROWS_TOGETHER) * ROWS_TOGETHER;
        List<Product> parts = new ArrayList<>();
        for (int from = 0; from < rows(); from += together) {
            parts.add(part(from, Math.min(together, rows() - from)));
        }
        return parts;
    }

    private Product part(int from, int count) {
        long bytes = dtype().gradient().bytes();
        MemorySegment rows = out.asSlice((long) from * columns() * bytes, (long) count * columns() * bytes);
        return new Product(left.rows(from, count), right, bias, rows, adds, finish);
    }
}
