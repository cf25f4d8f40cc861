package io.gradstream.load.openloop;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.Logins;
import io.gradstream.connectors.kafka.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One run of made-up events against a topic. */
final class LoadTest {
    /** Messages are made before the clock starts and sent again and again: making them must not slow the schedule. */
    private static final int DISTINCT_MESSAGES = 64;

    private final Configuration configuration;
    private final String topic;
    private final Map<String, Object> connection;

    LoadTest(Configuration configuration) {
        this.configuration = configuration;
        this.topic = configuration.source().topics().getFirst();
        Logins.check(configuration.kafka().properties());
        this.connection = new HashMap<>(configuration.kafka().properties());
        connection.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                configuration.kafka().bootstrap());
    }

    LoadReport run(Schedule schedule, int rows, boolean watchWeights) throws InterruptedException {
        requireBrokers();
        List<byte[]> messages = messages(rows);
        if (!watchWeights) {
            return run(schedule, rows, messages, Optional.empty());
        }
        try (WeightsWatch watch =
                new WeightsWatch(connection, configuration.publish().weights().topic(), topic)) {
            return run(schedule, rows, messages, Optional.of(watch));
        }
    }

    /** A producer waits for brokers that do not answer and does not say what to look at. */
    private void requireBrokers() {
        try (Topics topics = new Topics(connection)) {
            topics.ids(List.of(topic));
        }
    }

    private List<byte[]> messages(int rows) {
        SyntheticEvents events = new SyntheticEvents(configuration, 7);
        try (BufferAllocator allocator = new RootAllocator()) {
            return Stream.generate(() -> events.message(allocator, rows))
                    .limit(DISTINCT_MESSAGES)
                    .toList();
        }
    }

    private LoadReport run(Schedule schedule, int rows, List<byte[]> messages, Optional<WeightsWatch> watch)
            throws InterruptedException {
        Latencies acknowledged = new Latencies("due to acknowledged");
        AtomicLong failures = new AtomicLong();
        long nanos;
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            nanos = new OpenLoop(schedule, SystemTicker.INSTANCE).run((message, due) -> {
                byte[] value = messages.get((int) (message % messages.size()));
                // The callback sees every outcome; waiting for the future would close the loop.
                var _ = producer.send(new ProducerRecord<>(topic, value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.record(System.nanoTime() - due);
                        watch.ifPresent(w -> w.sent(metadata.partition(), metadata.offset(), due));
                    } else {
                        failures.incrementAndGet();
                    }
                });
            });
        }
        long unpublished = watch.isPresent() ? watch.get().await() : 0;
        return new LoadReport(
                topic,
                schedule.messages(),
                rows,
                schedule.messagesPerSecond() * rows,
                (schedule.messages() - failures.get()) * rows / (nanos / 1e9),
                failures.get(),
                acknowledged,
                watch.map(WeightsWatch::latencies),
                unpublished);
    }
}
