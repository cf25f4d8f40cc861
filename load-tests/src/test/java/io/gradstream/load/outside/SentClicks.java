package io.gradstream.load.outside;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradstream.load.outside.Clicks.Click;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a plain producer sent: the rows of every record, by partition and offset. */
final class SentClicks {
    private static final int LONGEST_MESSAGE = 200;
    private static final int LONGEST_BATCH = 60;

    private final String topic;
    private final Map<Integer, NavigableMap<Long, List<Click>>> partitions = new TreeMap<>();

    private SentClicks(String topic) {
        this.topic = topic;
    }

    /** Sends rows in messages of uneven length, some of several Arrow batches, to all partitions in turn. */
    static SentClicks send(String bootstrap, String topic, int partitionCount, int rows, long seed)
            throws IOException, ExecutionException, InterruptedException {
        SentClicks sent = new SentClicks(topic);
        SplittableRandom sizes = new SplittableRandom(seed);
        Clicks clicks = new Clicks(seed);
        try (BufferAllocator allocator = new RootAllocator();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            int left = rows;
            for (int message = 0; left > 0; message++) {
                List<Click> next = clicks.next(Math.min(left, 1 + sizes.nextInt(LONGEST_MESSAGE)));
                byte[] value = Clicks.message(allocator, next, 1 + sizes.nextInt(LONGEST_BATCH));
                int partition = message % partitionCount;
                long offset = producer.send(new ProducerRecord<>(topic, partition, null, value))
                        .get()
                        .offset();
                sent.partitions
                        .computeIfAbsent(partition, number -> new TreeMap<>())
                        .put(offset, next);
                left -= next.size();
            }
        }
        return sent;
    }

    int rows() {
        return partitions.values().stream()
                .flatMap(records -> records.values().stream())
                .mapToInt(List::size)
                .sum();
    }

    /** The offset behind the last record of a partition. */
    long end(int partition) {
        return records(partition).lastKey() + 1;
    }

    private NavigableMap<Long, List<Click>> records(int partition) {
        NavigableMap<Long, List<Click>> records = partitions.get(partition);
        if (records == null) {
            throw new AssertionError("nothing was sent to this partition: partition=" + partition);
        }
        return records;
    }

    /** The rows that a range of the journal names. */
    List<Click> rows(JsonNode range) {
        if (!range.get("topic").asText().equals(topic)) {
            throw new AssertionError("a range of another topic: " + range);
        }
        NavigableMap<Long, List<Click>> records = records(range.get("partition").asInt());
        long fromOffset = range.get("from").get("offset").asLong();
        int fromRow = range.get("from").get("row").asInt();
        long toOffset = range.get("to").get("offset").asLong();
        int toRow = range.get("to").get("row").asInt();
        List<Click> rows = new ArrayList<>();
        records.subMap(fromOffset, true, toOffset, true).forEach((offset, clicks) -> {
            int from = offset == fromOffset ? fromRow : 0;
            int to = offset == toOffset ? toRow : clicks.size();
            rows.addAll(clicks.subList(from, to));
        });
        return rows;
    }
}
