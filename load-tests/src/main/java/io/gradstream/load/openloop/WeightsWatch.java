package io.gradstream.load.openloop;

import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of a weights topic that notes for every event when a published version first said to have learned from it. */
final class WeightsWatch implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /** An acknowledged event that no version has covered yet. */
    private record Pending(long offset, long due) {}

    private final String eventsTopic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Latencies latencies = new Latencies("due to published weights");
    private final Map<Integer, Queue<Pending>> pending = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::follow, "gradstream-weights-watch");
    private volatile long progress = System.nanoTime();

    WeightsWatch(Map<String, Object> connection, String weightsTopic, String eventsTopic) {
        this.eventsTopic = eventsTopic;
        Map<String, Object> properties = new HashMap<>(connection);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(weightsTopic).stream()
                .map(partition -> new TopicPartition(weightsTopic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.setDaemon(true);
        thread.start();
    }

    /** Notes an event that the broker has; per partition in the order of offsets, as the producer acknowledges them. */
    void sent(int partition, long offset, long due) {
        pending.computeIfAbsent(partition, number -> new ConcurrentLinkedQueue<>())
                .add(new Pending(offset, due));
    }

    Latencies latencies() {
        return latencies;
    }

    /** Waits until every event is covered or nothing was published for a while; returns how many are not. */
    long await() throws InterruptedException {
        progress = System.nanoTime();
        while (uncovered() > 0 && System.nanoTime() - progress < PATIENCE && thread.isAlive()) {
            Thread.sleep(10);
        }
        return uncovered();
    }

    private long uncovered() {
        return pending.values().stream().mapToLong(Queue::size).sum();
    }

    private void follow() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> weights : consumer.poll(Duration.ofMillis(100))) {
                    if (weights.key() != null
                            && weights.value() != null
                            && new String(weights.key(), StandardCharsets.UTF_8).equals(Manifest.KEY)) {
                        cover(Manifest.parse(weights.value()), System.nanoTime());
                    }
                }
            }
        } catch (WakeupException e) {
            // close() asks for the end this way
        }
    }

    private void cover(Manifest manifest, long now) {
        SortedMap<Integer, Position> positions = manifest.offsets().getOrDefault(eventsTopic, new TreeMap<>());
        positions.forEach((partition, position) -> {
            Queue<Pending> queue = pending.getOrDefault(partition, new ConcurrentLinkedQueue<>());
            for (Pending next = queue.peek(); next != null && next.offset() < position.offset(); next = queue.peek()) {
                latencies.record(now - next.due());
                queue.remove();
                progress = now;
            }
        });
    }

    /** Lets the reading thread end, which closes its consumer. */
    @Override
    public void close() {
        consumer.wakeup();
    }
}
