package io.gradstream.connectors.kafka;

/** Another instance has taken over the transactional id: this one must stop. */
public final class FencedException extends PublishException {
    private static final long serialVersionUID = 1;

    FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
