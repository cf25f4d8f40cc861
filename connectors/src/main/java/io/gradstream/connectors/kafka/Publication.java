package io.gradstream.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What one transaction makes visible. */
record Publication(
        List<ProducerRecord<byte[], byte[]>> records,
        Map<TopicPartition, OffsetAndMetadata> offsets,
        Optional<ConsumerGroupMetadata> group) {
    Publication {
        records = List.copyOf(records);
        offsets = Map.copyOf(offsets);
    }

    long bytes() {
        long bytes = 0;
        for (ProducerRecord<byte[], byte[]> record : records) {
            byte[] value = record.value();
            bytes += value == null ? 0 : value.length;
        }
        return bytes;
    }
}
