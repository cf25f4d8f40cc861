package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Matrix products by oneDNN. Half-precision sides for which this processor has no kernel are widened first. */
final class OneDnnGemm implements Gemm {
    @Override
    public PreparedCall prepare(
            Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out, Workspace workspace) {
        try {
            return new OneDnnMatmul(left, right, bias, out);
        } catch (OneDnnException e) {
            if (e.status() == OneDnn.UNIMPLEMENTED && left.dtype() != DType.F32) {
                return prepareWidened(left, right, bias, out, workspace);
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
