package io.gradstream.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/**
 * Publishes records and consumed offsets together: each publication is one transaction, seen whole or not at all.
 *
 * <p>One thread owns the producer. Publications are carried out one after the other, in the order of subscription; one that
 * was subscribed to is carried out even when its subscriber leaves.
 */
public final class TransactionalPublisher implements AutoCloseable {
    private final Transactions transactions;
    private final ExecutorService thread;

    /**
     * @param properties properties of the Kafka producer, passed through; {@code bootstrap.servers} is one of them
     */
    public TransactionalPublisher(String transactionalId, Map<String, ?> properties) {
        this.transactions = new Transactions(transactionalId, properties);
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("kafka-publisher-" + transactionalId)
                .factory());
    }

    /** Fences earlier holders of the transactional id; done by the first publication where nobody asked before. */
    public Mono<Void> ready() {
        return onThread(transactions::ready);
    }

    /** Publishes records alone. */
    public Mono<Void> publish(List<ProducerRecord<byte[], byte[]>> records) {
        return publish(new Publication(records, Map.of(), Optional.empty()));
    }

    /**
     * Publishes records and offsets in one transaction when subscribed to.
     *
     * @return completes when the transaction is committed, fails with a {@link PublishException}
     */
    public Mono<Void> publish(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        return publish(new Publication(records, offsets, Optional.of(group)));
    }

    private Mono<Void> publish(Publication publication) {
        return onThread(() -> transactions.publish(publication));
    }

    private Mono<Void> onThread(Runnable work) {
        return Mono.fromFuture(() -> CompletableFuture.runAsync(work, thread), true);
    }

    /** The most bytes of a record that the producer sends, whatever its topic would take. */
    public int largestRecord() {
        return transactions.largestRecord();
    }

    PublisherCounters counters() {
        return transactions.counters();
    }

    /** Gives up on the publications already asked for, whatever becomes of them; nothing can be published any more. */
    public void abandon() {
        transactions.abandon();
    }

    /** Waits for the publications already asked for, then leaves the broker. */
    @Override
    public void close() {
        if (!thread.isShutdown()) {
            thread.execute(transactions::close);
            thread.close();
        }
    }
}
