package io.gradstream.load.bench;

import io.gradstream.config.Configuration;
import io.gradstream.load.openloop.SyntheticEvents;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic full of made-up Arrow messages. */
record BenchTopic(String bootstrap, String name, int partitions, int messages, int rowsPerMessage) {
    private static final int DISTINCT_MESSAGES = 50;

    long rows() {
        return (long) messages * rowsPerMessage;
    }

    /** Creates the topic and sends everything; returns when the broker has it. */
    void fill(Configuration configuration) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrap, "acks", "1", "batch.size", 1 << 20, "linger.ms", 5);
        SyntheticEvents events = new SyntheticEvents(configuration, Network.SEED);
        try (BufferAllocator allocator = new RootAllocator();
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<byte[]> values = Stream.generate(() -> events.message(allocator, rowsPerMessage))
                    .limit(DISTINCT_MESSAGES)
                    .toList();
            for (int i = 0; i < messages; i++) {
                var _ = producer.send(new ProducerRecord<>(name, i % partitions, null, values.get(i % values.size())));
            }
            producer.flush();
        }
    }
}
