package io.gradstream.connectors.topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import reactor.core.publisher.Flux;

/**
 * Reads the metrics of a model back from their topic.
 *
 * @param model the key of its records
 */
public record Metrics(TopicReader reader, String model) {
    /** What the topic holds now. */
    public Flux<MetricRecord> records() {
        return parsed(reader.records());
    }

    /** What the topic holds and what will come, until cancelled. */
    public Flux<MetricRecord> follow() {
        return parsed(reader.follow());
    }

    private Flux<MetricRecord> parsed(Flux<ConsumerRecord<byte[], byte[]>> records) {
        return records.filter(record -> Keys.equal(record.key(), model) && record.value() != null)
                .map(record -> MetricRecord.parse(record.value()));
    }
}
