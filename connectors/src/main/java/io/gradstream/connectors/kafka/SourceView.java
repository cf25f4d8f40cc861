package io.gradstream.connectors.kafka;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the poll thread lets other threads know about its consumer. */
record SourceView(Optional<ConsumerGroupMetadata> group, Map<TopicPartition, PartitionStatus> partitions) {
    static final SourceView NONE = new SourceView(Optional.empty(), Map.of());

    SourceView {
        partitions = Map.copyOf(partitions);
    }

    boolean drained() {
        return !partitions.isEmpty() && partitions.values().stream().allMatch(PartitionStatus::atEnd);
    }
}
