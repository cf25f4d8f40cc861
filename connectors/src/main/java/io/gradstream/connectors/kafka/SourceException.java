package io.gradstream.connectors.kafka;

import org.jspecify.annotations.Nullable;

/** A fault that ends a subscription to a source because waiting would not help. */
public sealed class SourceException extends RuntimeException permits TopicReplacedException, UnknownTopicException {
    private static final long serialVersionUID = 1;

    SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
