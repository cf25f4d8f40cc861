package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link KafkaSource} reads, from where, in which portions.
 *
 * @param properties properties of the Kafka consumer, passed through; {@code bootstrap.servers} is one of them
 * @param position asked at each assignment, on the poll thread: the caller's own position in a partition, which wins over
 *     everything else
 * @param batchRecords the most records handed on at once
 * @param batchBytes the most value bytes handed on at once, where it is more than one record
 * @param revokeWait how long a partition that is taken away waits for the acknowledgement of what is in flight
 * @param instance a name that only one member of the group has at a time and has again after a restart, which then gets its partitions
 *     back at once; null for none
 */
public record SourceSpec(
        Map<String, Object> properties,
        List<String> topics,
        String group,
        StartPosition start,
        Function<TopicPartition, OptionalLong> position,
        Commits commits,
        AssignmentListener listener,
        int batchRecords,
        int batchBytes,
        Duration revokeWait,
        @Nullable String instance) {

    public SourceSpec {
        properties = Map.copyOf(properties);
        topics = List.copyOf(topics);
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("a source reads at least one topic: topics=[]");
        }
        if (group.isBlank()) {
            throw new IllegalArgumentException("a group has a name: group=''");
        }
        if (batchRecords < 1 || batchBytes < 1) {
            throw new IllegalArgumentException(
                    "a batch holds at least one record: batchRecords=" + batchRecords + " batchBytes=" + batchBytes);
        }
        if (revokeWait.isNegative()) {
            throw new IllegalArgumentException("the wait at revocation is not negative: revokeWait=" + revokeWait);
        }
    }

    /** Begins a specification of which only these three have no default. */
    public static Builder of(Map<String, ?> properties, String group, List<String> topics) {
        return new Builder(properties, group, topics);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private final Map<String, Object> properties;
        private final String group;
        private final List<String> topics;
        private StartPosition start = new StartPosition.Committed();
        private Function<TopicPartition, OptionalLong> position = partition -> OptionalLong.empty();
        private Commits commits = new Commits.BySource(Duration.ofSeconds(1));
        private AssignmentListener listener = AssignmentListener.NONE;
        private int batchRecords = 500;
        private int batchBytes = 1 << 20;
        private Duration revokeWait = Duration.ofSeconds(5);
        private @Nullable String instance;

        private Builder(Map<String, ?> properties, String group, List<String> topics) {
            this.properties = Map.copyOf(properties);
            this.group = group;
            this.topics = topics;
        }

        public Builder start(StartPosition value) {
            start = value;
            return this;
        }

        public Builder position(Function<TopicPartition, OptionalLong> value) {
            position = value;
            return this;
        }

        public Builder commits(Commits value) {
            commits = value;
            return this;
        }

        public Builder listener(AssignmentListener value) {
            listener = value;
            return this;
        }

        public Builder batchRecords(int value) {
            batchRecords = value;
            return this;
        }

        public Builder batchBytes(int value) {
            batchBytes = value;
            return this;
        }

        public Builder revokeWait(Duration value) {
            revokeWait = value;
            return this;
        }

        public Builder instance(@Nullable String value) {
            instance = value;
            return this;
        }

        public SourceSpec build() {
            return new SourceSpec(
                    properties,
                    topics,
                    group,
                    start,
                    position,
                    commits,
                    listener,
                    batchRecords,
                    batchBytes,
                    revokeWait,
                    instance);
        }
    }
}
