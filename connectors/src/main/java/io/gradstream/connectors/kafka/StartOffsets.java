package io.gradstream.connectors.kafka;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where reading begins in partitions that were just assigned: for a partition that comes back, behind what was handed on
 * where the caller keeps the positions, else where its group left it; for one that is new, where the caller says; else at the
 * start position.
 */
final class StartOffsets {
    private final KafkaConsumer<?, ?> consumer;
    private final SourceSpec spec;
    private final Set<TopicPartition> known = new HashSet<>();
    private final Map<TopicPartition, Long> left = new HashMap<>();

    StartOffsets(KafkaConsumer<?, ?> consumer, SourceSpec spec) {
        this.consumer = consumer;
        this.spec = spec;
    }

    /** What was handed on is used, whatever became of the assignment: should the partition come back, reading goes on behind it. */
    void leave(TopicPartition partition, long handedOn) {
        left.put(partition, handedOn);
    }

    Map<TopicPartition, Long> find(Collection<TopicPartition> assigned) {
        Map<TopicPartition, Long> found = new HashMap<>();
        Set<TopicPartition> returning = new HashSet<>();
        Set<TopicPartition> fresh = new HashSet<>();
        for (TopicPartition partition : assigned) {
            Long behind = left.remove(partition);
            OptionalLong own = behind == null ? spec.position().apply(partition) : OptionalLong.of(behind);
            if (own.isPresent()) {
                found.put(partition, own.getAsLong());
            } else if (known.contains(partition)) {
                returning.add(partition);
            } else {
                fresh.add(partition);
            }
        }
        known.addAll(assigned);
        found.putAll(committed(returning));
        found.putAll(started(fresh));
        return found;
    }

    private Map<TopicPartition, Long> started(Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        return switch (spec.start()) {
            case StartPosition.Committed() -> committed(partitions);
            case StartPosition.Earliest() -> consumer.beginningOffsets(partitions);
            case StartPosition.Latest() -> consumer.endOffsets(partitions);
            case StartPosition.At(Instant time) -> at(time, partitions);
        };
    }

    private Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Long> found = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        Set<TopicPartition> missing = new HashSet<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                missing.add(partition);
            } else {
                found.put(partition, offset.offset());
            }
        }
        if (!missing.isEmpty()) {
            found.putAll(consumer.beginningOffsets(missing));
        }
        return found;
    }

    private Map<TopicPartition, Long> at(Instant time, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> found = new HashMap<>(consumer.endOffsets(partitions));
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
        consumer.offsetsForTimes(times).forEach((partition, offset) -> {
            if (offset != null) {
                found.put(partition, offset.offset());
            }
        });
        return found;
    }
}
