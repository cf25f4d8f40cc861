package io.gradstream.connectors.kafka;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The records of some topics as a stream that flows no faster than it is asked to. */
public final class KafkaSource extends Flux<PolledRecords> {
    private final SourceSpec spec;

    public KafkaSource(SourceSpec spec) {
        this.spec = spec;
    }

    public SourceSpec spec() {
        return spec;
    }

    @Override
    public void subscribe(CoreSubscriber<? super PolledRecords> subscriber) {
        Flux.<PolledRecords>never().subscribe(subscriber);
    }

    /** What a transactional producer needs to commit offsets for this group member; empty while it is not a member. */
    public Optional<ConsumerGroupMetadata> groupMetadata() {
        return Optional.empty();
    }

    /** How far each assigned partition has been read, as of a moment ago. */
    public Map<TopicPartition, PartitionStatus> partitions() {
        return Map.of();
    }

    /** Whether partitions are assigned and everything the broker told of in them has been handed on. */
    public boolean drained() {
        return false;
    }
}
