package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;

/** Matrix products by oneDNN. Half-precision sides for which this processor has no kernel are widened first. */
final class OneDnnGemm implements Gemm {
    @Override
    public PreparedCall one(Product product, Workspace workspace) {
        return new OneDnnMatmul(product, workspace);
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
