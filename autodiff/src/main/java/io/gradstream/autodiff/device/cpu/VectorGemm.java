package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in Java: the right side is packed into rows of whole vectors, and four rows of the left side go through it at a time.
 * Every element of the result is one chain of fused multiply-adds over the inner dimension, in ascending order.
 */
final class VectorGemm implements Gemm {
    private static final int ROWS = 4;
    private static final int LANES = FLOATS.length();

    @Override
    public PreparedCall one(Product product, Workspace workspace) {
        if (product.left().count() > 1) {
            return oneAfterTheOther(product, workspace);
        }
        return new Panels(product, workspace);
    }

    @Override
    public PreparedCall prepare(Product product, Workspace workspace) {
        return product.dtype() == DType.F32
                ? Gemm.super.prepare(product, workspace)
                : prepareWidened(product, workspace);
    }

    @Override
    public void enter() {
        // nothing belongs to the thread
    }

    @Override
    public String describe() {
        return VectorApi.describe();
    }

    private static final class Panels implements PreparedCall {
        private final boolean adds;
        private final long rowStride;
        private final long innerStride;
        private final Matrix right;
        private final @Nullable MemorySegment bias;
        private final MemorySegment out;
        private final MemorySegment sums;
        private final MemorySegment packed;
        private final MemorySegment start;
        private final long leftAddress;
        private final long sumsAddress;
        private final long packedAddress;
        private final long startAddress;
        private final int rows;
        private final int inner;
        private final int columns;
        private final int panels;

        Panels(Product product, Workspace workspace) {
            Matrix left = product.left();
            this.adds = product.adds();
            this.rowStride = left.rowStride() * Float.BYTES;
            this.innerStride = left.columnStride() * Float.BYTES;
            this.right = product.right();
            this.bias = product.bias();
            this.out = product.out();
            this.sums = workspace.floats((long) ROWS * LANES);
            this.rows = left.rows();
            this.inner = left.columns();
            this.columns = right.columns();
            this.panels = (columns + LANES - 1) / LANES;
            this.packed = workspace.floats((long) panels * inner * LANES);
            this.start = workspace.floats((long) panels * LANES);
            this.leftAddress = left.data().address();
            this.sumsAddress = sums.address();
            this.packedAddress = packed.address();
            this.startAddress = start.address();
        }

        @Override
        public void run() {
            pack();
            if (bias != null) {
                MemorySegment.copy(bias, 0, start, 0, (long) columns * Float.BYTES);
            }
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
            FloatVector sum0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, start(panel), LITTLE_ENDIAN);
            FloatVector sum1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, start(panel), LITTLE_ENDIAN);
            FloatVector sum2 = FloatVector.fromMemorySegment(FLOATS, MEMORY, start(panel), LITTLE_ENDIAN);
            FloatVector sum3 = FloatVector.fromMemorySegment(FLOATS, MEMORY, start(panel), LITTLE_ENDIAN);
            long at = (long) panel * inner * LANES * Float.BYTES;
            long a = row * rowStride;
            for (int k = 0; k < inner; k++) {
                FloatVector b = FloatVector.fromMemorySegment(FLOATS, MEMORY, packedAddress + at, LITTLE_ENDIAN);
                sum0 = FloatVector.broadcast(FLOATS, MEMORY.get(FLOAT, leftAddress + a))
                        .fma(b, sum0);
                sum1 = FloatVector.broadcast(FLOATS, MEMORY.get(FLOAT, leftAddress + a + rowStride))
                        .fma(b, sum1);
                sum2 = FloatVector.broadcast(FLOATS, MEMORY.get(FLOAT, leftAddress + a + 2 * rowStride))
                        .fma(b, sum2);
                sum3 = FloatVector.broadcast(FLOATS, MEMORY.get(FLOAT, leftAddress + a + 3 * rowStride))
                        .fma(b, sum3);
                at += (long) LANES * Float.BYTES;
                a += innerStride;
            }
            sum0.intoMemorySegment(MEMORY, sumsAddress + 0, LITTLE_ENDIAN);
            sum1.intoMemorySegment(MEMORY, sumsAddress + (long) LANES * Float.BYTES, LITTLE_ENDIAN);
            sum2.intoMemorySegment(MEMORY, sumsAddress + 2L * LANES * Float.BYTES, LITTLE_ENDIAN);
            sum3.intoMemorySegment(MEMORY, sumsAddress + 3L * LANES * Float.BYTES, LITTLE_ENDIAN);
            store(row, ROWS, panel);
        }

        private void oneRow(int row, int panel) {
            FloatVector sum = FloatVector.fromMemorySegment(FLOATS, MEMORY, start(panel), LITTLE_ENDIAN);
            long at = (long) panel * inner * LANES * Float.BYTES;
            long a = row * rowStride;
            for (int k = 0; k < inner; k++) {
                FloatVector b = FloatVector.fromMemorySegment(FLOATS, MEMORY, packedAddress + at, LITTLE_ENDIAN);
                sum = FloatVector.broadcast(FLOATS, MEMORY.get(FLOAT, leftAddress + a))
                        .fma(b, sum);
                at += (long) LANES * Float.BYTES;
                a += innerStride;
            }
            sum.intoMemorySegment(MEMORY, sumsAddress + 0, LITTLE_ENDIAN);
            store(row, 1, panel);
        }

        /** The address of what a row's sums start from: they are loaded in one way only, for a vector that may come from several places is allocated. */
        private long start(int panel) {
            return startAddress + (long) panel * LANES * Float.BYTES;
        }

        /** Copies finished rows of a panel to where they belong: as bytes, for a vector that crosses a branch would be allocated. */
        private void store(int row, int count, int panel) {
            int width = Math.min(LANES, columns - panel * LANES);
            for (int i = 0; i < count; i++) {
                long at = ((long) (row + i) * columns + (long) panel * LANES) * Float.BYTES;
                if (adds) {
                    add(i, at, width);
                }
                MemorySegment.copy(sums, (long) i * LANES * Float.BYTES, out, at, (long) width * Float.BYTES);
            }
        }

        private void add(int row, long at, int width) {
            for (int lane = 0; lane < width; lane++) {
                float sum = sums.getAtIndex(FLOAT, (long) row * LANES + lane);
                float before = out.get(FLOAT, at + (long) lane * Float.BYTES);
                sums.setAtIndex(FLOAT, (long) row * LANES + lane, before + sum);
            }
        }
    }
}
