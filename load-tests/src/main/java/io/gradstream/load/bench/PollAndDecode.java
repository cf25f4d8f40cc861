package io.gradstream.load.bench;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.Configuration;
import io.gradstream.connectors.arrow.ArrowFormat;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.pipeline.features.Features;
import io.gradstream.pipeline.trainer.StepSpecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The ceiling of everything in front of the training step: one thread that polls, decodes and encodes, and no more. */
final class PollAndDecode {
    private static final Map<String, Object> TUNED = Map.of(
            "max.partition.fetch.bytes",
            8 << 20,
            "fetch.max.bytes",
            64 << 20,
            "fetch.min.bytes",
            1 << 20,
            "enable.auto.commit",
            false,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest");

    private final Configuration configuration;
    private final BenchTopic topic;

    PollAndDecode(Configuration configuration, BenchTopic topic) {
        this.configuration = configuration;
        this.topic = topic;
    }

    /** Rows per second over the whole topic. */
    double rowsPerSecond() throws UndecodableException {
        Features features = new Features(configuration);
        ArrowFormat format = new ArrowFormat(Limits.DEFAULT);
        Map<String, Object> properties = new java.util.HashMap<>(TUNED);
        properties.put("bootstrap.servers", topic.bootstrap());
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                MicroBatch batch = new MicroBatch(StepSpecs.of(configuration).model(), topic.rowsPerMessage())) {
            List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long start = System.nanoTime();
            long rows = 0;
            while (rows < topic.rows()) {
                for (ConsumerRecord<byte[], byte[]> polled : consumer.poll(Duration.ofMillis(100))) {
                    Origin origin = new Origin(polled.topic(), polled.partition(), polled.offset());
                    DecodedRecord decoded = format.decode(origin, polled.value(), features.projection());
                    batch.rows(0);
                    for (RowBlock block : decoded.blocks()) {
                        features.encode(block, 0, block.rows(), batch, (row, reason, detail) -> {
                            throw new IllegalStateException(detail);
                        });
                        rows += block.rows();
                    }
                }
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        }
    }
}
