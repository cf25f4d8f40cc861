package io.gradstream.connectors.topic;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import reactor.core.publisher.Flux;

/**
 * The records of a topic from its beginning, committed ones only, outside of any consumer group.
 *
 * <p>Every subscription has a consumer and a thread of its own, which end with it. Records of one partition come in their order.
 *
 * @param properties further properties of the Kafka consumer, such as those for TLS
 */
public record TopicReader(String bootstrap, String topic, Map<String, Object> properties) {
    public TopicReader {
        properties = Map.copyOf(properties);
    }

    /** What is on the topic when the subscription begins, and then completion. */
    public Flux<ConsumerRecord<byte[], byte[]>> records() {
        return batches(Until.END).concatMapIterable(TopicBatch::records, 1);
    }

    /** What is on the topic and what will come, until cancelled. */
    public Flux<ConsumerRecord<byte[], byte[]>> follow() {
        return batches(Until.CANCELLED).concatMapIterable(TopicBatch::records, 1);
    }

    /** What every consumer of the topic is told, whatever it reads. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** How far to read. */
    enum Until {
        END,
        CANCELLED
    }

    Flux<TopicBatch> batches(Until until) {
        return Flux.create(sink -> new TopicSubscription(this, until, sink).start());
    }
}
