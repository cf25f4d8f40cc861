package io.gradstream.connectors.kafka;

/** A topic to read does not exist. */
public final class UnknownTopicException extends SourceException {
    private static final long serialVersionUID = 1;

    UnknownTopicException(String topic) {
        super("a topic to read must exist: topic=" + topic, null);
    }
}
