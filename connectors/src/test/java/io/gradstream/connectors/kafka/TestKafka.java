package io.gradstream.connectors.kafka;

import static org.apache.kafka.clients.CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a test does with a broker by plain Kafka clients. */
final class TestKafka {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String bootstrap;

    TestKafka(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    Map<String, Object> properties() {
        return Map.of(BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    }

    Map<String, Object> properties(String... namesAndValues) {
        Map<String, Object> all = new HashMap<>(properties());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return all;
    }

    /** A name that no other test uses. */
    static String name(String kind) {
        return kind + "-" + NAMES.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
    }

    String topic(int partitions) {
        String topic = name("events");
        try (Topics topics = new Topics(properties())) {
            topics.ensure(List.of(TopicSpec.of(topic, partitions)));
        }
        return topic;
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes the numbers of a range as text, one record each. */
    void produce(String topic, int partition, int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = from; i < to; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, partition, null, text(i))));
            }
            sent.forEach(TestKafka::join);
        }
    }

    static byte[] text(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    OptionalLong committed(String group, TopicPartition partition) {
        try (Admin admin = Admin.create(properties())) {
            ListConsumerGroupOffsetsOptions settled = new ListConsumerGroupOffsetsOptions().requireStable(true);
            return join(admin.listConsumerGroupOffsets(group, settled)
                            .partitionsToOffsetAndMetadata()
                            .thenApply(offsets -> Optional.ofNullable(offsets.get(partition))))
                    .map(offset -> OptionalLong.of(offset.offset()))
                    .orElse(OptionalLong.empty());
        }
    }

    /** The values that a reader of committed records sees in a topic with one partition, up to a last one. */
    List<String> committedValuesUpTo(String topic, String last) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                properties("isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Eventually.until("value " + last, () -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
                return values.contains(last);
            });
        }
        return values;
    }

    void createPlain(NewTopic topic) {
        try (Admin admin = Admin.create(properties())) {
            join(admin.createTopics(List.of(topic)).all());
        }
    }

    static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
