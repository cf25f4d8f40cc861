package io.gradstream.gpu;

/** A driver library that is missing, incomplete, or answers with an error. */
final class CudaDriverException extends Exception {
    CudaDriverException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
