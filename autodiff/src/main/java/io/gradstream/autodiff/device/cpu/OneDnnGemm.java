package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Matrix products by oneDNN. Half-precision sides for which this processor has no kernel are widened first. */
final class OneDnnGemm implements Gemm {
    /** How many numbers a cache line holds: products take a quarter longer where rows of the right side begin within one. */
    private static final int LINE = 16;

    /** So many rows use a copy of the right side that it pays for itself. */
    private static final int MANY = 512;

    @Override
    public PreparedCall one(Product product, Workspace workspace) {
        Matrix right = product.right();
        return right.dtype() == DType.F32
                        && right.count() == 1
                        && right.columnStride() == 1
                        && right.rowStride() % LINE != 0
                        && right.columns() > LINE
                        && product.rows() >= MANY
                ? aligned(product, workspace)
                : new OneDnnMatmul(product, workspace);
    }

    private static PreparedCall aligned(Product product, Workspace workspace) {
        Matrix right = product.right();
        long stride = (long) Math.ceilDiv(right.columns(), LINE) * LINE;
        MemorySegment room = workspace.floats(right.rows() * stride);
        Matrix copy = new Matrix(room, 1, right.rows(), right.columns(), stride, 1, DType.F32);
        PreparedCall copying = () -> Pieces.copy(
                right.data().address(),
                right.rowStride() * Float.BYTES,
                room.address(),
                stride * Float.BYTES,
                (long) right.columns() * Float.BYTES,
                right.rows());
        return new PreparedCalls(List.of(copying, new OneDnnMatmul(product.of(product.left(), copy), workspace)));
    }

    @Override
    public PreparedCall prepare(Product product, Workspace workspace) {
        try {
            return Gemm.super.prepare(product, workspace);
        } catch (OneDnnException e) {
            if (e.status() == OneDnn.UNIMPLEMENTED && product.dtype() != DType.F32) {
                return prepareWidened(product, workspace);
            }
            throw e;
        }
    }

    @Override
    public void enter() {
        OneDnn.useOneThread();
    }

    @Override
    public String describe() {
        return "oneDNN " + OneDnn.version() + " (" + OneDnn.instructionSet() + ")";
    }
}
