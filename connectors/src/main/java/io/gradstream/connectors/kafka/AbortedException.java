package io.gradstream.connectors.kafka;

/** Nothing of a publication is visible, and it may be published again. */
public final class AbortedException extends PublishException {
    private static final long serialVersionUID = 1;

    AbortedException(String message, Throwable cause) {
        super(message, cause);
    }
}
