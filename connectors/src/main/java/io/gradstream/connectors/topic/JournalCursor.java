package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The committed records of a model's journal behind a step, one after the other, as far as the topic went when this was opened.
 *
 * <p>Steps rise along the topic, so the first one is found by halving: a journal of years opens as fast as one of a day. Reading needs no
 * group and holds no more than a poll brings. Not for use by several threads at once.
 */
public final class JournalCursor implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long SCANNED = 256;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final String model;
    private final long end;
    private final Queue<JournalRecord> records = new ArrayDeque<>();
    private long after = Long.MIN_VALUE;

    /** Opens a cursor at the beginning. */
    public JournalCursor(TopicReader reader, String model) {
        this.model = model;
        this.consumer = new KafkaConsumer<>(settings(reader));
        try {
            this.partition = partition(reader.topic());
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            this.end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        } catch (RuntimeException failure) {
            consumer.close();
            throw failure;
        }
    }

    /**
     * Goes to the first record behind a step.
     *
     * @param notBefore an offset before which nothing belongs to the model's present history
     */
    public void behind(long step, long notBefore) {
        after = step;
        records.clear();
        long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.seek(partition, find(Math.max(first, notBefore)));
    }

    /** The steps behind one and up to another. */
    public List<JournalRecord> between(long after, long to, long notBefore) {
        List<JournalRecord> steps = new ArrayList<>();
        behind(after, notBefore);
        for (JournalRecord step = next(); step != null && step.step() <= to; step = next()) {
            steps.add(step);
        }
        return steps;
    }

    /** Where the next record will be written: nothing before it belongs to a history that begins now. */
    public long end() {
        return end;
    }

    /** The next record, or null when there is none. */
    public @Nullable JournalRecord next() {
        while (records.isEmpty() && consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end && isOfModel(record)) {
                    JournalRecord parsed = JournalRecord.parse(record.value());
                    if (parsed.step() > after) {
                        records.add(parsed);
                    }
                }
            }
        }
        return records.poll();
    }

    /** An offset from which scanning to the first record behind the step takes little. */
    private long find(long first) {
        long low = first;
        long high = end;
        while (high - low > SCANNED) {
            long middle = low + (high - low) / 2;
            Probe probe = probe(middle, high);
            if (probe == null || probe.step() > after) {
                high = middle;
            } else {
                low = probe.offset() + 1;
            }
        }
        return Math.min(low, end);
    }

    private record Probe(long offset, long step) {}

    /** The first record of the model between two offsets. */
    private @Nullable Probe probe(long from, long to) {
        consumer.seek(partition, from);
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() >= to) {
                    return null;
                }
                if (isOfModel(record)) {
                    return new Probe(
                            record.offset(), JournalRecord.parse(record.value()).step());
                }
            }
        }
        return null;
    }

    private boolean isOfModel(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null && Keys.equal(record.key(), model);
    }

    /** Where a producer puts records of this key. */
    private TopicPartition partition(String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("a journal must be there to be read: topic=" + topic);
        }
        return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(model.getBytes(UTF_8))) % partitions.size());
    }

    private static Map<String, Object> settings(TopicReader reader) {
        Map<String, Object> settings = reader.settings();
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return settings;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
