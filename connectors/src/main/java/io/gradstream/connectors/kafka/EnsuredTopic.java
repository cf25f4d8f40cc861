package io.gradstream.connectors.kafka;

import java.util.List;

/**
 * A topic that is there.
 *
 * @param created whether it was missing before
 * @param differences how it differs from what was asked for, each as {@code name=is wanted=should}
 */
public record EnsuredTopic(TopicSpec spec, boolean created, List<String> differences) {
    public EnsuredTopic {
        differences = List.copyOf(differences);
    }
}
