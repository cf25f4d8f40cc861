package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that is asked to end, in whatever phase it is: it exits with 130, and nothing of what it learned is lost or half said. */
class TerminationTest {
    private static final int INTERRUPTED = 130;
    private static final int ROWS_PER_MESSAGE = 100;
    private static final int MESSAGES = 120;
    private static final Pattern SERVER = Pattern.compile("http server: (http://[^/\\s]+)");

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder().directory(folder.resolve("kafka")).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void whileItLooksForABroker() throws Exception {
        try (FrontDoor trainer = train("nobody", 1, "--set", "kafka.bootstrap=127.0.0.1:1")) {
            assertThat(trainer.says("connects: name=nobody bootstrap=127.0.0.1:1"))
                    .as(trainer.log())
                    .isTrue();
            assertThat(trainer.terminate()).as(trainer.log()).isEqualTo(INTERRUPTED);
        }
    }

    @Test
    void whileItTrains() throws Exception {
        SyntheticTopic events = events("training");
        try (FrontDoor trainer = train("training", 1)) {
            assertThat(trainer.says("training begins")).isTrue();
            events.send(MESSAGES / 2);
            assertThat(trainer.terminate()).as(trainer.log()).isEqualTo(INTERRUPTED);
        }
        events.send(MESSAGES - MESSAGES / 2);
        try (FrontDoor next = train("training", 2)) {
            assertThat(next.exitCode()).as(next.log()).isZero();
            assertThat(next.log()).contains("so 0 steps are learned once more");
        }
        events.assertEachRowOnce(Fates.read(broker.bootstrap(), "training"));
    }

    /** What was learned and can be published nowhere is not waited for: the next one learns it again. */
    @Test
    void whileNoBrokerAnswers() throws Exception {
        try (EmbeddedBroker fragile = EmbeddedBroker.builder()
                .directory(folder.resolve("fragile-kafka"))
                .start()) {
            SyntheticTopic events = new SyntheticTopic(
                    fragile.bootstrap(), configuration("fragile"), "fragile.events", 1, ROWS_PER_MESSAGE, 3);
            String there = "kafka.bootstrap=" + fragile.bootstrap();
            try (FrontDoor trainer = train(
                    "fragile",
                    1,
                    "--set",
                    there,
                    "--set",
                    "stop.patience=2s",
                    "--set",
                    "publish.weights.every=1h",
                    "--set",
                    "checkpoint.every=1h",
                    "--set",
                    "http.port=0")) {
                assertThat(trainer.says("training begins")).isTrue();
                events.send(MESSAGES / 2);
                awaitRows(trainer, MESSAGES / 2 * ROWS_PER_MESSAGE);
                fragile.stop(0);
                assertThat(trainer.terminate()).as(trainer.log()).isEqualTo(INTERRUPTED);
                assertThat(trainer.log()).contains("ends without publishing what it learned since the newest version");
            }
            fragile.start(0);
            events.send(MESSAGES - MESSAGES / 2);
            try (FrontDoor next = train("fragile", 2, "--set", there)) {
                assertThat(next.exitCode()).as(next.log()).isZero();
            }
            events.assertEachRowOnce(Fates.read(fragile.bootstrap(), "fragile"));
        }
    }

    /** Waits until a trainer says over HTTP that it has learned from so many rows. */
    private static void awaitRows(FrontDoor trainer, int rows) throws Exception {
        Matcher server = SERVER.matcher(trainer.log());
        assertThat(server.find()).as(trainer.log()).isTrue();
        HttpRequest status = HttpRequest.newBuilder(URI.create(server.group(1) + "/api/status"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!client.send(status, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("\"rows\" : " + rows + ",")) {
                assertThat(trainer.isAlive()).as(trainer.log()).isTrue();
                Thread.sleep(20);
            }
        }
    }

    @Test
    void whileItRecovers() throws Exception {
        SyntheticTopic events = events("recovering");
        events.send(MESSAGES);
        try (FrontDoor trainer = train("recovering", 1, "--set", "stop.rows=" + (MESSAGES - 5) * ROWS_PER_MESSAGE)) {
            assertThat(trainer.exitCode()).as(trainer.log()).isZero();
        }
        forgetAllButTheFirst(folder.resolve("recovering"));
        List<String> before = Published.of(broker.bootstrap(), "recovering").weights();
        try (FrontDoor trainer = train("recovering", 2)) {
            assertThat(trainer.says("are learned once more")).isTrue();
            assertThat(trainer.terminate()).as(trainer.log()).isEqualTo(INTERRUPTED);
            assertThat(trainer.log()).doesNotContain("training begins");
        }
        assertThat(Published.of(broker.bootstrap(), "recovering").weights()).isEqualTo(before);
        try (FrontDoor next = train("recovering", 3)) {
            assertThat(next.exitCode()).as(next.log()).isZero();
        }
        events.assertEachRowOnce(Fates.read(broker.bootstrap(), "recovering"));
    }

    private static void forgetAllButTheFirst(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.list(checkpoints)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d+\\..*") && !name.startsWith("000000000000.")) {
                    Files.delete(file);
                }
            }
        }
    }

    private static SyntheticTopic events(String name) throws IOException {
        return new SyntheticTopic(broker.bootstrap(), configuration(name), name + ".events", 1, ROWS_PER_MESSAGE, 3);
    }

    private static FrontDoor train(String name, int life, String... more) throws IOException {
        String[] arguments = Stream.concat(
                        Stream.of("train", "-c", configuration(name).toString()), Stream.of(more))
                .toArray(String[]::new);
        return FrontDoor.start(folder, name + "-" + life, arguments);
    }

    private static Path configuration(String name) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file, """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s.events], start: earliest}
                features:
                  - {column: age, type: numeric, scale: standardize}
                  - {column: site, type: categorical, buckets: 100, dimension: 4}
                label: {column: clicked}
                model: {type: mlp, hidden: [512, 512]}
                loss: binary-cross-entropy
                training: {microBatch: 50, flush: 20ms}
                publish: {weights: {every: 5 steps}}
                checkpoint: {directory: "%s", every: 50 steps, keep: 100}
                http: {port: off}
                stop: {rows: %d}
                """.formatted(name, broker.bootstrap(), name, folder.resolve(name), MESSAGES * ROWS_PER_MESSAGE));
        return file;
    }
}
