package io.gradstream.connectors.kafka;

/** A topic that is read was deleted and another one of its name is there: what comes of it has nothing to do with what came before. */
public final class TopicReplacedException extends SourceException {
    private static final long serialVersionUID = 1;

    TopicReplacedException(String topic) {
        super("a topic must be the one that reading began with, and was made anew: topic=" + topic, null);
    }
}
