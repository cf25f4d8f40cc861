package io.gradstream.connectors.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Reads records whose places are known, outside of any group: forwards in each partition, in any order among them.
 *
 * <p>A partition that has more waiting than its share is paused, so that what is held stays bounded however far the partitions are
 * apart. Not for use by several threads at once.
 */
public final class LogReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long SHARE_BYTES = 16L << 20;

    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final Map<TopicPartition, Waiting> partitions = new HashMap<>();

    /** Records of one partition that were polled and not asked for yet. */
    private static final class Waiting {
        private final Deque<ConsumerRecord<byte[], ByteBuffer>> records = new ArrayDeque<>();
        private long bytes;
    }

    /**
     * Opens a reader.
     *
     * @param properties properties of the Kafka consumer, passed through; {@code bootstrap.servers} is one of them
     */
    public LogReader(Map<String, ?> properties) {
        this.consumer = new KafkaConsumer<>(settings(properties));
    }

    /** The first offset that is still there of each partition. */
    public Map<TopicPartition, Long> beginnings(Collection<TopicPartition> of) {
        return consumer.beginningOffsets(of);
    }

    /** The place behind the last record of each partition. */
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> of) {
        return consumer.endOffsets(of);
    }

    /** Says where reading begins. */
    public void seek(Map<TopicPartition, Long> from) {
        partitions.clear();
        consumer.assign(from.keySet());
        from.forEach((partition, offset) -> {
            partitions.put(partition, new Waiting());
            consumer.seek(partition, offset);
        });
    }

    /**
     * The record at an offset; those before it are passed over.
     *
     * @throws SourceException if the partition no longer has it
     */
    public PolledRecord record(TopicPartition partition, long offset) {
        Waiting waiting = partitions.get(partition);
        if (waiting == null) {
            throw new IllegalArgumentException("a partition must be read from the start: partition=" + partition);
        }
        while (true) {
            ConsumerRecord<byte[], ByteBuffer> next = waiting.records.peek();
            if (next == null) {
                poll(partition, offset);
            } else if (next.offset() > offset) {
                throw gone(partition, offset, next.offset());
            } else {
                waiting.records.remove();
                waiting.bytes -= Math.max(0, next.serializedValueSize());
                if (next.offset() == offset) {
                    return RecordCopy.of(next);
                }
            }
        }
    }

    private void poll(TopicPartition wanted, long offset) {
        if (consumer.position(wanted) > offset) {
            throw gone(wanted, offset, consumer.position(wanted));
        }
        Set<TopicPartition> full = new HashSet<>();
        partitions.forEach((partition, waiting) -> {
            if (waiting.bytes >= SHARE_BYTES && !partition.equals(wanted)) {
                full.add(partition);
            }
        });
        Set<TopicPartition> hungry = new HashSet<>(partitions.keySet());
        hungry.removeAll(full);
        consumer.pause(full);
        consumer.resume(hungry);
        try {
            ConsumerRecords<byte[], ByteBuffer> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], ByteBuffer> record : polled) {
                Waiting waiting = partitions.get(new TopicPartition(record.topic(), record.partition()));
                if (waiting != null) {
                    waiting.records.add(record);
                    waiting.bytes += Math.max(0, record.serializedValueSize());
                }
            }
            if (polled.isEmpty()
                    && consumer.position(wanted)
                            >= consumer.endOffsets(List.of(wanted)).getOrDefault(wanted, 0L)) {
                throw gone(wanted, offset, consumer.position(wanted));
            }
        } catch (OffsetOutOfRangeException e) {
            throw gone(
                    wanted, offset, consumer.beginningOffsets(List.of(wanted)).getOrDefault(wanted, 0L));
        }
    }

    private static SourceException gone(TopicPartition partition, long offset, long next) {
        return new SourceException(
                "a record that was learned from is no longer there: partition=" + partition + " offset=" + offset
                        + " next=" + next,
                null);
    }

    private static Map<String, Object> settings(Map<String, ?> properties) {
        Map<String, Object> p = new HashMap<>();
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        p.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 32 << 20);
        // What is wanted is there: a request that waits for what is to come would hold up the next one.
        p.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        p.putAll(properties);
        p.remove(ConsumerConfig.GROUP_ID_CONFIG);
        p.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        return p;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
