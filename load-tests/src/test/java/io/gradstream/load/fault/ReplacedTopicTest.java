package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.load.outside.FrontDoor;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source topic that is deleted and made anew, with fewer and with more records than were read of the one before. Every row of the new one
 * is learned from exactly once; of the old one no row twice.
 */
class ReplacedTopicTest {
    private static final int BEFORE = 60;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Input input;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder().directory(folder.resolve("kafka")).start();
        input = new Input(broker.bootstrap());
    }

    @AfterAll
    static void stop() {
        input.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void whileNobodyTrains(int after) throws Exception {
        String name = "down" + after;
        fill(name, BEFORE);
        assertEnds(service(name, BEFORE).train());
        replace(name, after);
        assertEnds(service(name, BEFORE + after).train());
        assertThat(learned(name).values()).containsExactly(new Position(BEFORE, 0), new Position(after, 0));
        assertThat(events(name, "topic-made-anew")).hasSize(1);
        assertThat(events(name, "recovered")).singleElement().asString().contains("\"exact\":true");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void whileItTrains(int after) throws Exception {
        String name = "running" + after;
        fill(name, BEFORE);
        CompletableFuture<Service.Run> run = service(name, BEFORE + after).start();
        awaitRows(name, BEFORE, run);
        replace(name, after);
        assertEnds(run.get());
        assertThat(learned(name).values()).containsExactly(new Position(BEFORE, 0), new Position(after, 0));
        assertThat(events(name, "topic-made-anew")).hasSize(1);
        assertThat(events(name, "began-again")).hasSize(1);
        if (after < BEFORE) {
            assertThat(events(name, "recovered")).singleElement().asString().contains("\"exact\":true");
        }
    }

    /** The rows between the newest checkpoint and the newest version are gone, so moments and the like begin anew. */
    @Test
    void afterAKillFarBehindTheNewestCheckpoint() throws Exception {
        String name = "killed";
        fill(name, BEFORE);
        try (FrontDoor trainer = train(name, 1, BEFORE + 100)) {
            awaitRows(name, BEFORE, null);
            trainer.kill();
        }
        replace(name, 100);
        assertEnds(service(name, BEFORE + 100).train());
        assertThat(learned(name).values()).containsExactly(new Position(BEFORE, 0), new Position(100, 0));
        assertThat(events(name, "recovered")).singleElement().asString().contains("\"exact\":false");
    }

    @Test
    void beforeAKillThatFollowsAtOnce() throws Exception {
        String name = "twice";
        fill(name, BEFORE);
        try (FrontDoor trainer = train(name, 1, BEFORE + 100)) {
            awaitRows(name, BEFORE, null);
            replace(name, 100);
            assertThat(trainer.says("begins again from what the topics say"))
                    .as(trainer.log())
                    .isTrue();
            trainer.kill();
        }
        try (FrontDoor trainer = train(name, 2, BEFORE + 100)) {
            awaitRows(name, BEFORE + 30, null);
            trainer.kill();
        }
        try (FrontDoor trainer = train(name, 3, BEFORE + 100)) {
            assertThat(trainer.exitCode()).as(trainer.log()).isZero();
        }
        assertThat(learned(name).values()).containsExactly(new Position(BEFORE, 0), new Position(100, 0));
    }

    private static void fill(String name, int messages) throws Exception {
        input.topic(topic(name), 1);
        SplittableRandom random = new SplittableRandom(messages);
        for (int i = 0; i < messages; i++) {
            input.send(topic(name), 0, Encoding.USUAL.message(Purchase.random(random, Steady.ROWS), Steady.ROWS));
        }
        input.flush();
    }

    private static void replace(String name, int messages) throws Exception {
        input.delete(topic(name));
        fill(name, messages);
    }

    private static String topic(String name) {
        return name + ".events";
    }

    /** Of each topic that had the name, in their order, how far it was learned from; each from its first row on, without a gap. */
    private static Map<String, Position> learned(String name) {
        Map<String, Position> learned = new LinkedHashMap<>();
        PlainTopic.forEach(broker.bootstrap(), name + ".journal", record -> {
            JournalRecord step = JournalRecord.parse(record.value());
            String id = step.topics().byName().get(topic(name));
            for (JournalRecord.Range range : step.ranges()) {
                assertThat(range.from()).isEqualTo(learned.getOrDefault(id, new Position(0, 0)));
                learned.put(id, range.to());
            }
        });
        return learned;
    }

    private static List<String> events(String name, String event) {
        List<String> events = new ArrayList<>();
        PlainTopic.forEach(broker.bootstrap(), name + ".metrics", record -> {
            String text = new String(record.value(), UTF_8);
            if (text.contains("\"event\":\"" + event + "\"")) {
                events.add(text);
            }
        });
        return events;
    }

    private static void awaitRows(String name, int messages, @Nullable CompletableFuture<Service.Run> run)
            throws Exception {
        while (rows(name) < (long) messages * Steady.ROWS) {
            if (run != null && run.isDone()) {
                throw new AssertionError(run.get().said());
            }
            Thread.sleep(20);
        }
    }

    /** How many rows the newest version knows of. */
    private static long rows(String name) {
        AtomicLong rows = new AtomicLong();
        PlainTopic.forEach(broker.bootstrap(), name + ".weights", record -> {
            if (new String(record.key(), UTF_8).equals(Manifest.KEY)) {
                rows.set(Manifest.parse(record.value()).rows());
            }
        });
        return rows.get();
    }

    private static void assertEnds(Service.Run run) {
        assertThat(run.exitCode()).as(run.said()).isZero();
    }

    private static Service service(String name, int messages) throws IOException {
        return new Service(folder, name, yaml(name, messages));
    }

    private static FrontDoor train(String name, int life, int messages) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml(name, messages));
        return FrontDoor.start(folder, name + "-" + life, "train", "-c", file.toString());
    }

    private static String yaml(String name, int messages) {
        return """
                name: %1$s
                kafka: {bootstrap: "%2$s"}
                source: {topics: [%1$s.events], start: earliest}
                %3$s
                model: {type: mlp, hidden: [8]}
                loss: binary-cross-entropy
                training: {seed: 5, microBatch: 10, flush: off, optimizer: {type: adamw, learningRate: 0.01}}
                publish: {weights: {every: 5 steps}}
                checkpoint: {directory: "%4$s", every: 40 steps}
                stop: {rows: %5$d}
                http: {port: off}
                """.formatted(
                name, broker.bootstrap(), Purchase.COLUMNS, folder.resolve("ck-" + name), messages * Steady.ROWS);
    }
}
