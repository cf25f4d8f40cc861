package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint directory that cannot be written, is full, hangs or is gone: training goes on, and whoever watches hears of it. */
class CheckpointDirectoryTest {
    private static final int EVERY = 20;
    private static final int POLL_INTERVAL_MILLIS = 3_000;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private Input input;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder().start();
        input = new Input(broker.bootstrap()).topic("disk.events", 1);
    }

    @AfterEach
    void stop() {
        input.close();
        broker.close();
    }

    @Test
    void isAnErrorAtTheStartIfItCannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a directory");
        Service.Run run = new Service(folder, "disk", yaml(file.resolve("checkpoints"), "rows: 1")).train();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("checkpoint.directory=" + file.resolve("checkpoints"));
    }

    @Test
    void maySuddenlyBeGoneOrAFileAndComeBack() throws Exception {
        Path directory = folder.resolve("checkpoints");
        try (Steady steady = new Steady(input, "disk.events", 1, 5)) {
            CompletableFuture<Service.Run> run = new Service(folder, "disk", yaml(directory, "rows: 20000")).start();
            long before = awaitCheckpoint(directory, 0);

            Files.move(directory, folder.resolve("moved"));
            awaitCheckpoint(directory, before);

            Files.move(directory, folder.resolve("moved-again"));
            Files.writeString(directory, "in the way");
            awaitEvent("checkpoint-failed");
            long steps = Fates.steps(broker.bootstrap(), "disk");
            awaitSteps(steps + 3 * EVERY);
            Files.delete(directory);
            awaitCheckpoint(directory, steps);
            assertThat(run.get().exitCode()).as(run.get().said()).isZero();
        }
        assertThat(awaitCheckpoint(directory, 1999)).isEqualTo(2000);
        assertEachRowOnce(2000);
    }

    @Test
    void mayHangWithoutHoldingUpTraining() throws Exception {
        Path directory = folder.resolve("checkpoints");
        long hanging = 10 * EVERY;
        Path pipe = directory.resolve("%012d.safetensors.tmp".formatted(hanging));
        try (Steady steady = new Steady(input, "disk.events", 1, 5)) {
            CompletableFuture<Service.Run> run = new Service(folder, "disk", yaml(directory, "rows: 20000")).start();
            awaitCheckpoint(directory, -1);
            List<String> members = members();
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            // Whoever opens a pipe to write to it waits until somebody reads: so long a write takes.
            awaitSteps(hanging);
            Thread.sleep(2 * POLL_INTERVAL_MILLIS);
            awaitSteps(2 * hanging);
            assertThat(newest(directory).orElseThrow()).isLessThan(hanging);
            assertThat(members()).isEqualTo(members);
            try (InputStream reader = Files.newInputStream(pipe)) {
                reader.readAllBytes();
            }
            awaitCheckpoint(directory, hanging);
            assertThat(run.get().exitCode()).as(run.get().said()).isZero();
        }
        assertThat(newest(directory)).contains(2000L);
        assertEachRowOnce(2000);
    }

    /** Those of the group that reads and of the one that elects; who misses its polls comes back under another id. */
    private List<String> members() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            List<String> members = new ArrayList<>();
            for (String group : List.of("disk", "disk.leader")) {
                requireNonNull(admin.describeConsumerGroups(List.of(group))
                                .describedGroups()
                                .get(group))
                        .get()
                        .members()
                        .forEach(member -> members.add(group + " " + member.consumerId()));
            }
            assertThat(members).hasSize(2);
            return members;
        }
    }

    @Test
    void mayBeFullForAWhile() throws Exception {
        Path directory = folder.resolve("checkpoints");
        Path file = Files.writeString(folder.resolve("disk.yaml"), yaml(directory, "rows: 40000"));
        try (Steady steady = new Steady(input, "disk.events", 1, 5);
                FrontDoor service = FrontDoor.start(folder, "disk", "train", "-c", file.toString())) {
            long before = awaitCheckpoint(directory, 0);
            limitFiles(service, "1000:");
            awaitEvent("checkpoint-failed");
            long steps = Fates.steps(broker.bootstrap(), "disk");
            awaitSteps(steps + 3 * EVERY);
            assertThat(unfinished(directory)).isEmpty();
            limitFiles(service, "unlimited:");
            assertThat(awaitCheckpoint(directory, steps)).isGreaterThan(before);
            assertThat(service.terminate()).as(service.log()).isEqualTo(130);
            assertThat(service.log().lines().filter(line -> line.contains("a checkpoint cannot be written")))
                    .hasSize(1);
        }
    }

    /** Files of the process may not become larger than this from now on: a full disk, as far as it can tell. */
    private static void limitFiles(FrontDoor service, String bytes) throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(service.pid()), "--fsize=" + bytes)
                .redirectErrorStream(true)
                .start();
        assertThat(limit.waitFor())
                .as(new String(limit.getInputStream().readAllBytes(), UTF_8))
                .isZero();
    }

    private void assertEachRowOnce(long steps) {
        Fates fates = Fates.read(broker.bootstrap(), "disk");
        assertThat(fates.steps()).isEqualTo(steps);
        assertThat(fates.rowsLearned(Steady.ROWS)).isEqualTo(steps * Steady.ROWS);
        fates.assertEachRowOnce(new TopicPartition("disk.events", 0), 0, steps, (_, _) -> Steady.ROWS);
    }

    private void awaitSteps(long steps) throws InterruptedException {
        while (Fates.steps(broker.bootstrap(), "disk") < steps) {
            Thread.sleep(50);
        }
    }

    private void awaitEvent(String event) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (seen.isEmpty()) {
            Thread.sleep(50);
            PlainTopic.forEach(broker.bootstrap(), "disk.metrics", record -> {
                String text = new String(record.value(), UTF_8);
                if (text.contains("\"event\":\"" + event + "\"")) {
                    seen.add(text);
                }
            });
        }
    }

    private static long awaitCheckpoint(Path directory, long behind) throws Exception {
        while (newest(directory).filter(step -> step > behind).isEmpty()) {
            Thread.sleep(20);
        }
        return newest(directory).orElseThrow();
    }

    private static Optional<Long> newest(Path directory) throws IOException {
        return names(directory)
                .filter(name -> name.endsWith(".json"))
                .map(name -> Long.parseLong(name.replace(".json", "")))
                .max(Comparator.naturalOrder());
    }

    private static List<String> unfinished(Path directory) throws IOException {
        return names(directory).filter(name -> name.endsWith(".tmp")).toList();
    }

    private static Stream<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (NoSuchFileException gone) {
            return Stream.of();
        }
    }

    private String yaml(Path directory, String stop) {
        return """
                name: disk
                kafka: {bootstrap: "%s", properties: {max.poll.interval.ms: %d}}
                source: {topics: [disk.events], start: earliest}
                %s
                model: {type: mlp, hidden: [8]}
                loss: binary-cross-entropy
                training: {microBatch: %d, flush: off, optimizer: {type: adamw, learningRate: 0.01}}
                publish: {weights: {every: 5 steps}}
                checkpoint: {directory: "%s", every: %d steps}
                stop: {%s}
                http: {port: off}
                """.formatted(
                broker.bootstrap(), POLL_INTERVAL_MILLIS, Purchase.COLUMNS, Steady.ROWS, directory, EVERY, stop);
    }
}
