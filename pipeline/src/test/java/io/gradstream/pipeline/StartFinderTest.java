package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.connectors.topic.TopicReader;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Start;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class StartFinderTest {
    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;

    @TempDir
    private Path directory;

    private Checkpoints checkpoints;
    private String model;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder().directory(data).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        checkpoints = new Checkpoints(directory, 3);
        model = test.getTestMethod().orElseThrow().getName();
        try (Topics topics = new Topics(client())) {
            topics.ensure(List.of(TopicSpec.of(model + ".journal", 1), TopicSpec.of(model + ".events", 1)));
        }
    }

    @Test
    void goesOnFromACheckpointFromWhichTheJournalLeadsToTheNewestVersion() throws Exception {
        checkpoints.write(state(25, 31, 60));
        sendRecords(96);
        sendSteps(20, 33, 40);
        Beginning beginning = find(published(39, 33, 96));
        assertThat(beginning.start()).isInstanceOf(Start.Checkpointed.class);
        assertThat(beginning.step()).isEqualTo(33);
        assertThat(beginning.positions()).isEqualTo(at(96));
        assertThat(beginning.route().from()).isEqualTo(Map.of(partition(), 64L));
    }

    @Test
    void goesOnFromTheWeightsIfTheJournalLacksAStep() throws Exception {
        checkpoints.write(state(25, 31, 60));
        sendRecords(96);
        sendSteps(20, 27, 40);
        sendSteps(29, 33, 76);
        PublishedModel published = published(39, 33, 96);
        assertThat(find(published).start()).isEqualTo(new Start.Published(published));
        assertThat(checkpoints.newest()).isEmpty();
    }

    @Test
    void goesOnFromTheWeightsIfRowsAreGone() throws Exception {
        checkpoints.write(state(25, 31, 60));
        sendRecords(96);
        sendSteps(20, 33, 40);
        try (Admin admin = Admin.create(client())) {
            admin.deleteRecords(Map.of(partition(), RecordsToDelete.beforeOffset(65)))
                    .all()
                    .get();
        }
        PublishedModel published = published(39, 33, 96);
        assertThat(find(published).start()).isEqualTo(new Start.Published(published));
    }

    @Test
    void goesOnFromTheWeightsIfATopicWasMadeAnewBehindTheCheckpoint() throws Exception {
        checkpoints.write(state(25, 31, 60));
        sendRecords(96);
        sendSteps(20, 33, 40, new TopicIds(Map.of(model + ".events", "before")));
        PublishedModel published = published(39, 33, 96);
        assertThat(find(Optional.of(published), new TopicIds(Map.of(model + ".events", "now")))
                        .start())
                .isEqualTo(new Start.Published(published));
    }

    @Test
    void forgetsPositionsInATopicThatWasMadeAnew() throws Exception {
        checkpoints.write(state(33, 39, 96));
        String topic = model + ".events";
        Manifest before = manifest(39, 33, new TreeMap<>(Map.of(topic, new TreeMap<>(Map.of(0, new Position(96, 0))))));
        Manifest known = new Manifest(
                model,
                39,
                33,
                before.parent(),
                before.slices(),
                before.offsets(),
                new TopicIds(Map.of(topic, "before", "others", "same")),
                132,
                before.time());
        Beginning beginning = find(
                Optional.of(new PublishedModel(known, Map.of())), new TopicIds(Map.of(topic, "now", "others", "same")));
        assertThat(beginning.start()).isInstanceOf(Start.Checkpointed.class);
        assertThat(beginning.positions()).isEmpty();
        assertThat(beginning.replaced()).containsExactly(topic);
    }

    @Test
    void beginsAnewWithoutATopicAndLeavesNoCheckpointInTheWay() {
        checkpoints.write(state(30, 6, 80));
        assertThat(find(Optional.empty()).start()).isEqualTo(new Start.Fresh());
        assertThat(checkpoints.newest()).isEmpty();
    }

    @Test
    void remembersWhereTheJournalOfTheNewHistoryBegins() throws Exception {
        sendSteps(1, 5, 0);
        assertThat(find(Optional.empty()).journalStart()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void doesNotAdoptACheckpointOfAnotherHistory() throws Exception {
        checkpoints.write(state(8, 5, 20));
        checkpoints.write(state(9, 6, 80));
        checkpoints.write(state(30, 6, 20));
        sendRecords(30);
        sendSteps(8, 10, 16);
        assertThat(find(published(10, 10, 25)).start())
                .isInstanceOfSatisfying(
                        Start.Checkpointed.class,
                        start -> assertThat(start.state().step()).isEqualTo(8));
    }

    @Test
    void doesNotAdoptACheckpointOfATopicThatWasNeverRead() {
        checkpoints.write(state(8, 5, 20));
        PublishedModel published = new PublishedModel(manifest(10, 10, new TreeMap<>()), Map.of());
        assertThat(find(published).start()).isEqualTo(new Start.Published(published));
    }

    private Beginning find(PublishedModel published) {
        return find(Optional.of(published));
    }

    private Beginning find(Optional<PublishedModel> published) {
        return find(published, TopicIds.NONE);
    }

    private Beginning find(Optional<PublishedModel> published, TopicIds present) {
        Configuration configuration = ConfigurationLoader.parse(
                "test.yaml", """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: ["%s.events"]}
                features:
                  - {column: x, type: numeric}
                label: {column: y}
                model: {type: linear}
                loss: binary-cross-entropy
                """.formatted(model, broker.bootstrap(), model), List.of(), Map.of());
        try (JournalCursor journal =
                        new JournalCursor(new TopicReader(broker.bootstrap(), model + ".journal", Map.of()), model);
                LogReader rows = new LogReader(client())) {
            return new StartFinder(configuration, checkpoints, journal, rows, present)
                    .find(published, Optional.empty());
        }
    }

    /** Steps of four records each. */
    private void sendSteps(long from, long to, long offset) throws Exception {
        sendSteps(from, to, offset, TopicIds.NONE);
    }

    private void sendSteps(long from, long to, long offset, TopicIds topics) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (long step = from; step <= to; step++) {
            Position begin = new Position(offset + (step - from) * 4, 0);
            Position end = new Position(begin.offset() + 4, 0);
            records.add(JournalRecord.of(step / 2, step, topics, List.of(new Range(model + ".events", 0, begin, end)))
                    .toJson());
        }
        send(model + ".journal", model.getBytes(UTF_8), records);
    }

    private void sendRecords(int count) throws Exception {
        send(model + ".events", null, Collections.nCopies(count, new byte[] {1}));
    }

    private void send(String topic, byte @Nullable [] key, List<byte[]> values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, key, value)).get();
            }
        }
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    private PublishedModel published(long version, long step, long offset) {
        return new PublishedModel(
                manifest(
                        version,
                        step,
                        new TreeMap<>(Map.of(model + ".events", new TreeMap<>(Map.of(0, new Position(offset, 0)))))),
                Map.of());
    }

    private Manifest manifest(long version, long step, TreeMap<String, SortedMap<Integer, Position>> offsets) {
        return new Manifest(
                model, version, step, OptionalLong.empty(), List.of(), offsets, TopicIds.NONE, step * 4, Instant.EPOCH);
    }

    private TrainerState state(long step, long version, long offset) {
        return new TrainerState(
                model,
                step,
                version,
                step * 4,
                at(offset),
                TopicIds.NONE,
                0,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private Map<TopicPartition, Position> at(long offset) {
        return Map.of(partition(), new Position(offset, 0));
    }

    private TopicPartition partition() {
        return new TopicPartition(model + ".events", 0);
    }
}
