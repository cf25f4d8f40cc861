package io.gradstream.pipeline.publish;

import io.gradstream.connectors.kafka.KafkaSource;
import io.gradstream.connectors.kafka.TransactionalPublisher;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** A way to make records and consumed offsets visible together or not at all. */
@FunctionalInterface
public interface Transactions {
    Mono<Void> commit(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets);

    /**
     * Commits through a publisher, for the group that a source is a member of. While it is none, as before the first assignment,
     * the offsets stand in the manifest alone.
     */
    static Transactions of(TransactionalPublisher publisher, KafkaSource source) {
        return (records, offsets) -> Mono.defer(() -> source.groupMetadata()
                .map(member -> publisher.publish(records, offsets, member))
                .orElseGet(() -> publisher.publish(records)));
    }
}
