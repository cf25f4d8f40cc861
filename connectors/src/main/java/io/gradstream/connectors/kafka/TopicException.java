package io.gradstream.connectors.kafka;

import org.jspecify.annotations.Nullable;

/** A topic that is neither there nor can be created. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
