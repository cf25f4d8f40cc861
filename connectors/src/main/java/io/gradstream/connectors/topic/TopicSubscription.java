package io.gradstream.connectors.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import reactor.core.publisher.FluxSink;

/** One reading of a topic: a thread that polls while there is demand and sleeps while there is none. */
final class TopicSubscription implements Runnable {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final TopicReader reader;
    private final TopicReader.Until until;
    private final FluxSink<TopicBatch> sink;
    private final Thread thread;

    private volatile boolean cancelled;

    TopicSubscription(TopicReader reader, TopicReader.Until until, FluxSink<TopicBatch> sink) {
        this.reader = reader;
        this.until = until;
        this.sink = sink;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("gradstream-reader-" + reader.topic())
                .unstarted(this);
    }

    void start() {
        sink.onRequest(_ -> LockSupport.unpark(thread));
        thread.start();
    }

    @Override
    public void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
            sink.onDispose(() -> {
                cancelled = true;
                consumer.wakeup();
                LockSupport.unpark(thread);
            });
            read(consumer);
        } catch (WakeupException e) {
            if (!cancelled) {
                sink.error(e);
            }
        } catch (Throwable e) { // also what is fatal: nobody else would hear of it
            sink.error(e);
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = partitions(consumer);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        boolean announced = false;
        while (!cancelled) {
            if (sink.requestedFromDownstream() == 0) {
                LockSupport.park(this);
                continue;
            }
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            if (ends.isEmpty() && !announced) {
                announced = true;
                sink.next(new TopicBatch(List.of(), true));
                if (until == TopicReader.Until.END) {
                    sink.complete();
                    return;
                }
                continue;
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (!polled.isEmpty()) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
                polled.forEach(records::add);
                sink.next(new TopicBatch(records, announced));
            }
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        List<PartitionInfo> found = consumer.partitionsFor(reader.topic());
        if (found == null || found.isEmpty()) {
            throw new UnknownTopicOrPartitionException("a topic must be there to be read: topic=" + reader.topic());
        }
        for (PartitionInfo partition : found) {
            partitions.add(new TopicPartition(partition.topic(), partition.partition()));
        }
        return partitions;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = reader.settings();
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 64 << 20);
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        return settings;
    }
}
