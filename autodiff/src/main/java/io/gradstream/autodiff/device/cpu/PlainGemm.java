package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Matrix products in plain Java, summed in double and rounded once. */
final class PlainGemm implements Gemm {
    @Override
    public PreparedCall prepare(
            Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace) {
        TensorType result = TensorType.of(left.dtype().gradient(), left.rows(), right.columns());
        Operand product = new Operand(out, result);
        Operand addend = bias == null
                ? null
                : new Operand(bias, TensorType.of(left.dtype().gradient(), right.columns()));
        return () -> {
            for (int row = 0; row < left.rows(); row++) {
                for (int column = 0; column < right.columns(); column++) {
                    double sum = addend == null ? 0 : addend.get(column);
                    for (int k = 0; k < left.columns(); k++) {
                        sum += left.get(row, k) * right.get(k, column);
                    }
                    product.set((long) row * right.columns() + column, sum);
                }
            }
        };
    }

    @Override
    public void enter() {
        // nothing belongs to the thread
    }

    @Override
    public String describe() {
        return "plain Java";
    }
}
