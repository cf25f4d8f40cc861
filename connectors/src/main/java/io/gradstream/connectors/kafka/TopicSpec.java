package io.gradstream.connectors.kafka;

import java.util.Map;
import java.util.OptionalInt;

/**
 * A topic as it should be.
 *
 * @param partitions how many; the broker's default where empty
 * @param replication copies of each partition; the broker's default where empty
 * @param settings topic settings that matter, such as {@code cleanup.policy}
 */
public record TopicSpec(String name, OptionalInt partitions, OptionalInt replication, Map<String, String> settings) {

    public TopicSpec {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a topic has a name: name=''");
        }
        if (partitions.isPresent() && partitions.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "a topic has at least one partition: name=" + name + " partitions=" + partitions.getAsInt());
        }
        if (replication.isPresent() && replication.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "a topic has at least one replica: name=" + name + " replication=" + replication.getAsInt());
        }
        settings = Map.copyOf(settings);
    }

    /** A topic with the broker's defaults. */
    public static TopicSpec of(String name) {
        return new TopicSpec(name, OptionalInt.empty(), OptionalInt.empty(), Map.of());
    }

    /** A topic with some partitions that keeps every record for the broker's usual time. */
    public static TopicSpec of(String name, int partitions) {
        return new TopicSpec(name, OptionalInt.of(partitions), OptionalInt.empty(), Map.of("cleanup.policy", "delete"));
    }

    /** A topic with one partition that keeps the newest record of each key. */
    public static TopicSpec compacted(String name) {
        return new TopicSpec(name, OptionalInt.of(1), OptionalInt.empty(), Map.of("cleanup.policy", "compact"));
    }
}
