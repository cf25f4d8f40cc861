package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A maker of prepared matrix products {@code out = left · right + bias}, accumulated and stored in F32. */
sealed interface Gemm permits OneDnnGemm, VectorGemm, PlainGemm {
    /** Both sides have the same dtype: F32, BF16 or F16. The bias has one F32 element per column. */
    PreparedCall prepare(
            Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace);

    /** To be called on the thread that runs prepared products, before it does. */
    void enter();

    String describe();

    /** The same product with both sides copied to F32 first, which is exact. */
    default PreparedCall prepareWidened(
            Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace) {
        List<PreparedCall> calls = new ArrayList<>();
        Matrix wideLeft = widen(left, workspace, calls);
        Matrix wideRight = widen(right, workspace, calls);
        calls.add(prepare(wideLeft, wideRight, bias, out, workspace));
        return new PreparedCalls(calls);
    }

    private static Matrix widen(Matrix matrix, Workspace workspace, List<PreparedCall> calls) {
        MemorySegment wide = workspace.floats(matrix.size());
        int count = Math.toIntExact(matrix.size());
        calls.add(Casts.prepare(
                new Operand(matrix.data(), TensorType.of(matrix.dtype(), count)),
                new Operand(wide, TensorType.of(DType.F32, count))));
        return matrix.withData(wide, DType.F32);
    }
}
