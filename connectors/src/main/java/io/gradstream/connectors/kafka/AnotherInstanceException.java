package io.gradstream.connectors.kafka;

/** Another instance of the same name works: this one must not. */
public final class AnotherInstanceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AnotherInstanceException(String message) {
        super(message);
    }
}
