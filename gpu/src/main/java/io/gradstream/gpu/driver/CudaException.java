package io.gradstream.gpu.driver;

/** A call that the CUDA driver or cuBLAS refused, or work on a card that failed. */
public final class CudaException extends IllegalStateException {

    CudaException(String message) {
        super(message);
    }
}
