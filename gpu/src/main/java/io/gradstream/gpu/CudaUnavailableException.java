package io.gradstream.gpu;

/** CUDA that cannot be used on this machine; the message says why and what to install. */
public final class CudaUnavailableException extends IllegalStateException {
    CudaUnavailableException(String message) {
        super(message);
    }

    CudaUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
