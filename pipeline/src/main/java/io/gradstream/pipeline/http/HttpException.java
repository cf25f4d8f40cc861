package io.gradstream.pipeline.http;

/** Says that the server cannot be where the configuration wants it. */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HttpException(String message, Throwable cause) {
        super(message, cause);
    }
}
