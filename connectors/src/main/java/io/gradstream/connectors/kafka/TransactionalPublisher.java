package io.gradstream.connectors.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** Publishes records and consumed offsets together: each publication is one transaction, seen whole or not at all. */
public final class TransactionalPublisher implements AutoCloseable {

    /**
     * @param properties properties of the Kafka producer, passed through; {@code bootstrap.servers} is one of them
     */
    public TransactionalPublisher(String transactionalId, Map<String, ?> properties) {}

    /** Fences earlier holders of the transactional id; done by the first publication where nobody asked before. */
    public Mono<Void> ready() {
        return Mono.never();
    }

    /** Publishes records alone. */
    public Mono<Void> publish(List<ProducerRecord<byte[], byte[]>> records) {
        return Mono.never();
    }

    /**
     * Publishes records and offsets in one transaction when subscribed to; in the order of subscription.
     *
     * @return completes when the transaction is committed, fails with a {@link PublishException}
     */
    public Mono<Void> publish(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        return Mono.never();
    }

    /** Waits for the publications already asked for, then leaves the broker. */
    @Override
    public void close() {}
}
