package io.gradstream.connectors.kafka;

/** The broker did not say whether a transaction is committed: only reading the topics again tells. */
public final class UndecidedException extends PublishException {
    private static final long serialVersionUID = 1;

    UndecidedException(String message, Throwable cause) {
        super(message, cause);
    }
}
