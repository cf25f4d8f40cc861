package io.gradstream.gpu.driver;

import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;

/** What the driver and cuBLAS answer: 0, or why not. */
final class Status {
    private static final String ADVICE = " (set device: cpu to train without the card)";

    private Status() {}

    /** Throws when the driver refused. */
    static void check(String function, int status) {
        if (status != CUresult.CUDA_SUCCESS) {
            throw new CudaException(
                    "the CUDA driver failed: function=" + function + " error=" + CUresult.stringFor(status) + ADVICE);
        }
    }

    /** Throws when cuBLAS refused. */
    static void checkBlas(String function, int status) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(
                    "cuBLAS failed: function=" + function + " error=" + cublasStatus.stringFor(status) + ADVICE);
        }
    }
}
