package io.gradstream.pipeline.publish;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Where a trainer's results go. */
public record PublishedTopics(String weights, String metrics, String journal, String deadLetters) {
    private static final long ROOM_FOR_HEADERS = 1 << 20;

    /** What Kafka's topics take unless they are told otherwise. */
    private static final long USUAL = 1_000_000;

    private static final long LARGEST_JOURNAL_RECORD = 64 << 20;
    private static final long RANGE_WITHOUT_TOPIC = 100;

    public static PublishedTopics of(Configuration configuration) {
        return new PublishedTopics(
                configuration.publish().weights().topic(),
                configuration.publish().metrics().topic(),
                configuration.publish().journal().topic(),
                configuration.publish().deadLetter().topic());
    }

    /** All topics a trainer needs, with the policies they need. */
    public static List<TopicSpec> specs(Configuration configuration) {
        PublishedTopics topics = of(configuration);
        List<TopicSpec> specs = new ArrayList<>();
        configuration.source().topics().forEach(topic -> specs.add(TopicSpec.of(topic)));
        specs.add(TopicSpec.compacted(topics.weights()));
        configuration.checkpoint().topic().ifPresent(topic -> specs.add(TopicSpec.compacted(topic)));
        specs.add(TopicSpec.of(topics.metrics(), 1));
        specs.add(journal(topics.journal(), configuration));
        specs.add(new TopicSpec(
                topics.deadLetters(),
                OptionalInt.of(1),
                OptionalInt.empty(),
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "max.message.bytes",
                        Integer.toString(largestRecord(configuration)))));
        return specs;
    }

    /** At worst, every row of a step stands alone between two that could not be used. */
    private static TopicSpec journal(String topic, Configuration configuration) {
        long rows = (long) configuration.training().microBatch()
                * configuration.training().accumulate();
        int name = configuration.source().topics().stream()
                .mapToInt(String::length)
                .max()
                .orElse(0);
        long largest = Math.min(LARGEST_JOURNAL_RECORD, rows * (RANGE_WITHOUT_TOPIC + name));
        TopicSpec usual = TopicSpec.of(topic, 1);
        return largest <= USUAL
                ? usual
                : new TopicSpec(
                        topic,
                        usual.partitions(),
                        usual.replication(),
                        Map.of("cleanup.policy", "delete", "max.message.bytes", Long.toString(largest)));
    }

    /** A dead letter is as large as the largest record that is looked at, and the headers that say why. */
    public static int largestRecord(Configuration configuration) {
        return Math.toIntExact(configuration.source().maxRecordSize().bytes() + ROOM_FOR_HEADERS);
    }
}
