package io.gradstream.load.fault;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.load.openloop.SyntheticEvents;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of made-up rows with the columns that a configuration asks for, filled a few messages at a time. */
final class SyntheticTopic {
    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final int rowsPerMessage;
    private final SyntheticEvents events;
    private int sent;

    SyntheticTopic(String bootstrap, Path file, String topic, int partitions, int rowsPerMessage, long seed) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.rowsPerMessage = rowsPerMessage;
        Configuration configuration = ConfigurationLoader.load(file, List.of(), Map.of());
        this.events = new SyntheticEvents(configuration, seed);
        try (Topics topics = new Topics(Map.of("bootstrap.servers", bootstrap))) {
            topics.ensure(List.of(TopicSpec.of(topic, partitions)));
        }
    }

    /** Sends messages to all partitions in turn and waits until they are there. */
    void send(int messages) throws ExecutionException, InterruptedException {
        try (BufferAllocator allocator = new RootAllocator();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < messages; i++) {
                byte[] value = events.message(allocator, rowsPerMessage);
                producer.send(new ProducerRecord<>(topic, sent++ % partitions, null, value))
                        .get();
            }
        }
    }

    int rows() {
        return sent * rowsPerMessage;
    }

    /** Demands that every row sent has one fate. */
    void assertEachRowOnce(Fates fates) {
        ends().forEach((partition, end) -> fates.assertEachRowOnce(partition, 0, end, (_, _) -> rowsPerMessage));
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), (long) (sent - partition + partitions - 1) / partitions);
        }
        return ends;
    }
}
