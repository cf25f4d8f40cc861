package io.gradstream.pipeline.publish;

import io.gradstream.connectors.kafka.KafkaSource;
import io.gradstream.connectors.kafka.TopicWatch;
import io.gradstream.connectors.kafka.TransactionalPublisher;
import io.gradstream.connectors.kafka.UnknownMemberException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** A way to make records and consumed offsets visible together or not at all. */
@FunctionalInterface
public interface Transactions {
    Logger log = LoggerFactory.getLogger(Transactions.class);

    Mono<Void> commit(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets);

    /**
     * Commits through a publisher, for the group that a source is a member of. While it is none, as before the first assignment or in the
     * middle of a rebalance, the offsets stand in the manifest alone, from which a trainer goes on anyway.
     */
    static Transactions of(TransactionalPublisher publisher, KafkaSource source) {
        return (records, offsets) -> Mono.defer(() -> source.groupMetadata()
                .map(member -> publisher
                        .publish(records, offsets, member)
                        .onErrorResume(UnknownMemberException.class, unknown -> {
                            log.warn("a version is published without offsets of the group: {}", unknown.getMessage());
                            return publisher.publish(records);
                        }))
                .orElseGet(() -> publisher.publish(records)));
    }

    /** The same, but once somebody has asked for the end, brokers have so much time to answer. */
    default Transactions within(Duration patience, Mono<Void> end) {
        Mono<Void> late = end.then(Mono.delay(patience)).then(Mono.error(() -> new UnansweredException(patience)));
        return (records, offsets) -> Mono.firstWithSignal(commit(records, offsets), late);
    }

    /** The same, but nothing is committed of topics that were made anew since: what was polled of them is of one or of the other. */
    default Transactions verifiedBy(TopicWatch watch) {
        return (records, offsets) -> watch.verified().then(Mono.defer(() -> commit(records, offsets)));
    }
}
