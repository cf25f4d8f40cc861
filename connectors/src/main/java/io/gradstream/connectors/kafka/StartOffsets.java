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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where reading begins in partitions that were just assigned: for a partition that comes back, behind what was handed on
 * where the caller keeps the positions, else where its group left it; for one that is new, where the caller says; else at the
 * start position.
 */
final class StartOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);
    private static final String LATEST = "start=latest";

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
            case StartPosition.Latest() -> latest(partitions);
            case StartPosition.At(Instant time) -> at(time, partitions);
        };
    }

    /**
     * Behind the last record there was when somebody looked for the first time: what comes after that is to be read, also if whoever looked
     * ended before anything was published. The place stands among the group's offsets until one of them is really used.
     */
    private Map<TopicPartition, Long> latest(Set<TopicPartition> partitions) {
        if (spec.commits() instanceof Commits.BySource) {
            return consumer.endOffsets(partitions);
        }
        Map<TopicPartition, Long> found = new HashMap<>();
        consumer.committed(partitions).forEach((partition, left) -> {
            if (left != null && left.metadata().equals(LATEST)) {
                found.put(partition, left.offset());
            }
        });
        Set<TopicPartition> unseen = new HashSet<>(partitions);
        unseen.removeAll(found.keySet());
        if (!unseen.isEmpty()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(unseen);
            Map<TopicPartition, OffsetAndMetadata> begin = new HashMap<>();
            ends.forEach((partition, end) -> begin.put(partition, new OffsetAndMetadata(end, LATEST)));
            remember(begin);
            found.putAll(ends);
        }
        return found;
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> begin) {
        try {
            consumer.commitSync(begin);
        } catch (KafkaException e) {
            LOG.warn("where reading began is not remembered until something is published: offsets={}", begin, e);
        }
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
