package io.gradstream.gpu.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.cublasStatus;

/** What the driver and cuBLAS answer: 0, or why not. */
final class Status {
    private static final String ADVICE = " (set device: cpu to train without the card)";

    private Status() {}

    /** Throws when the driver refused. */
    static void check(String function, int status) {
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw tooLittleMemory("function=" + function);
        }
        if (status != CUresult.CUDA_SUCCESS) {
            throw new CudaException(
                    "the CUDA driver failed: function=" + function + " error=" + CUresult.stringFor(status) + ADVICE);
        }
    }

    /** What is said when memory of the current card does not suffice for something. */
    static CudaException tooLittleMemory(String what) {
        long[] free = new long[1];
        long[] total = new long[1];
        JCudaDriver.cuMemGetInfo(free, total);
        return new CudaException(
                "the card has too little memory: " + what + " free=" + free[0] + " total=" + total[0]
                        + " (lower training.microBatch, the model's widths or the buckets of its features, or end other programs on the card)");
    }

    /** Throws when cuBLAS refused. */
    static void checkBlas(String function, int status) {
        if (status == cublasStatus.CUBLAS_STATUS_ALLOC_FAILED) {
            throw tooLittleMemory("function=" + function);
        }
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(
                    "cuBLAS failed: function=" + function + " error=" + cublasStatus.stringFor(status) + ADVICE);
        }
    }
}
