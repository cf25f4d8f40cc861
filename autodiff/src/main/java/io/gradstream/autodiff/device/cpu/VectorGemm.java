package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in Java: the right side is packed into rows of whole vectors, and four rows of the left side go through it at a time.
 * Every element of the result is one chain of fused multiply-adds over the inner dimension, in ascending order.
 */
final class VectorGemm implements Gemm {
    private static final int ROWS = 4;
    private static final int LANES = FLOATS.length();
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public PreparedCall prepare(
            Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace) {
        return left.dtype() == DType.F32
                ? new Product(left, right, bias, out, workspace)
                : prepareWidened(left, right, bias, out, workspace);
    }

    @Override
    public void enter() {
        // nothing belongs to the thread
    }

    @Override
    public String describe() {
        return VectorApi.describe();
    }

    private static final class Product implements PreparedCall {
        private final MemorySegment left;
        private final long rowStride;
        private final long innerStride;
        private final Matrix right;
        private final @Nullable MemorySegment bias;
        private final MemorySegment out;
        private final Tail tail;
        private final MemorySegment packed;
        private final int rows;
        private final int inner;
        private final int columns;
        private final int panels;

        Product(Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace) {
            this.left = left.data();
            this.rowStride = left.rowStride() * Float.BYTES;
            this.innerStride = left.columnStride() * Float.BYTES;
            this.right = right;
            this.bias = bias;
            this.out = out;
            this.tail = workspace.tail();
            this.rows = left.rows();
            this.inner = left.columns();
            this.columns = right.columns();
            this.panels = (columns + LANES - 1) / LANES;
            this.packed = workspace.floats((long) panels * inner * LANES);
        }

        @Override
        public void run() {
            pack();
            for (int panel = 0; panel < panels; panel++) {
                int row = 0;
                for (; row + ROWS <= rows; row += ROWS) {
                    fourRows(row, panel);
                }
                for (; row < rows; row++) {
                    oneRow(row, panel);
                }
            }
        }

        private void pack() {
            long rowStep = right.rowStride() * Float.BYTES;
            long columnStep = right.columnStride() * Float.BYTES;
            for (int panel = 0; panel < panels; panel++) {
                int width = Math.min(LANES, columns - panel * LANES);
                for (int k = 0; k < inner; k++) {
                    long from = k * rowStep + (long) panel * LANES * columnStep;
                    long to = ((long) panel * inner + k) * LANES * Float.BYTES;
                    for (int lane = 0; lane < width; lane++) {
                        packed.set(
                                FLOAT,
                                to + (long) lane * Float.BYTES,
                                right.data().get(FLOAT, from + lane * columnStep));
                    }
                }
            }
        }

        private void fourRows(int row, int panel) {
            FloatVector sum0 = start(panel);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            long at = (long) panel * inner * LANES * Float.BYTES;
            long a = row * rowStride;
            for (int k = 0; k < inner; k++) {
                FloatVector b = FloatVector.fromMemorySegment(FLOATS, packed, at, LITTLE_ENDIAN);
                sum0 = FloatVector.broadcast(FLOATS, left.get(FLOAT, a)).fma(b, sum0);
                sum1 = FloatVector.broadcast(FLOATS, left.get(FLOAT, a + rowStride))
                        .fma(b, sum1);
                sum2 = FloatVector.broadcast(FLOATS, left.get(FLOAT, a + 2 * rowStride))
                        .fma(b, sum2);
                sum3 = FloatVector.broadcast(FLOATS, left.get(FLOAT, a + 3 * rowStride))
                        .fma(b, sum3);
                at += (long) LANES * Float.BYTES;
                a += innerStride;
            }
            store(sum0, row, panel);
            store(sum1, row + 1, panel);
            store(sum2, row + 2, panel);
            store(sum3, row + 3, panel);
        }

        private void oneRow(int row, int panel) {
            FloatVector sum = start(panel);
            long at = (long) panel * inner * LANES * Float.BYTES;
            long a = row * rowStride;
            for (int k = 0; k < inner; k++) {
                FloatVector b = FloatVector.fromMemorySegment(FLOATS, packed, at, LITTLE_ENDIAN);
                sum = FloatVector.broadcast(FLOATS, left.get(FLOAT, a)).fma(b, sum);
                at += (long) LANES * Float.BYTES;
                a += innerStride;
            }
            store(sum, row, panel);
        }

        private FloatVector start(int panel) {
            if (bias == null) {
                return FloatVector.zero(FLOATS);
            }
            long at = (long) panel * LANES * Float.BYTES;
            int width = columns - panel * LANES;
            return width >= LANES
                    ? FloatVector.fromMemorySegment(FLOATS, bias, at, LITTLE_ENDIAN)
                    : FloatVector.fromMemorySegment(FLOATS, tail.load(0, bias, at, width), 0, LITTLE_ENDIAN);
        }

        private void store(FloatVector sum, int row, int panel) {
            long at = ((long) row * columns + (long) panel * LANES) * Float.BYTES;
            int width = columns - panel * LANES;
            if (width >= LANES) {
                sum.intoMemorySegment(out, at, LITTLE_ENDIAN);
            } else {
                sum.intoMemorySegment(tail.slot(1), 0, LITTLE_ENDIAN);
                tail.store(1, out, at, width);
            }
        }
    }
}
