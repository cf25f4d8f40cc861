package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose clock somebody sets: what is due in time stays due in time, and it trains on.
 *
 * <p>Kafka's clients count their heartbeats by the clock. One that is set back for longer than {@code session.timeout.ms} makes them fall
 * out of their groups until it has caught up. Versions are published meanwhile all the same, only without the group's offsets, and no
 * row is lost or learned from twice when the members come back.
 */
@Needs(Tool.FAKETIME)
class ClockTest {
    private static final int ROWS = 10;
    private static final long HOUR = 3600;
    private static final Duration FLUSH = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void neitherWaitsNorHurriesWhenTheClockIsSet() throws Exception {
        TopicPartition events = new TopicPartition("clock.events", 0);
        Path offset = folder.resolve("clock");
        jump(offset, 0);
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .property("group.min.session.timeout.ms", "1000")
                        .start();
                Input input = new Input(broker.bootstrap()).topic(events.topic(), 1);
                FrontDoor service = start(broker.bootstrap(), offset)) {
            Purchases purchases = new Purchases(input, events.topic());

            purchases.send();
            awaitSteps(broker, service, 1);

            purchases.send();
            jump(offset, -HOUR);
            long begin = System.nanoTime();
            awaitSteps(broker, service, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(10));

            // Two messages within one flush make one step, whatever the clock says between them.
            purchases.send();
            Thread.sleep(FLUSH.dividedBy(4));
            jump(offset, HOUR);
            Thread.sleep(FLUSH.dividedBy(4));
            purchases.send();
            awaitSteps(broker, service, 3);
            assertThat(Fates.read(broker.bootstrap(), "clock").rowsLearned(ROWS))
                    .isEqualTo(4 * ROWS);

            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < 20; i++) {
                jump(offset, random.nextLong(-HOUR, HOUR));
                purchases.send();
                Thread.sleep(500);
            }
            while (service.isAlive() && Fates.read(broker.bootstrap(), "clock").rowsLearned(ROWS) < 24L * ROWS) {
                Thread.sleep(100);
            }
            assertThat(service.terminate()).as(service.log()).isEqualTo(130);
            assertThat(service.log())
                    .contains("a version is published without offsets of the group")
                    .doesNotContain("IllegalArgumentException");
            Fates.read(broker.bootstrap(), "clock").assertEachRowOnce(events, 0, 24, (_, _) -> ROWS);
        }
    }

    private static void awaitSteps(EmbeddedBroker broker, FrontDoor service, long steps) throws Exception {
        while (Fates.steps(broker.bootstrap(), "clock") < steps) {
            assertThat(service.isAlive()).as(service.log()).isTrue();
            Thread.sleep(50);
        }
    }

    private FrontDoor start(String bootstrap, Path offset) throws IOException {
        Path file = folder.resolve("clock.yaml");
        Files.writeString(file, """
                name: clock
                kafka: {bootstrap: "%s", properties: {session.timeout.ms: 2000, heartbeat.interval.ms: 300}}
                source: {topics: [clock.events], start: earliest}
                %s
                model: {type: linear}
                loss: binary-cross-entropy
                training: {microBatch: 1024, flush: %dms, optimizer: {type: sgd, learningRate: 0.1}}
                publish: {weights: {every: 1 step}}
                checkpoint: {directory: checkpoints}
                http: {port: off}
                """.formatted(bootstrap, Purchase.COLUMNS, FLUSH.toMillis()));
        return FrontDoor.start(
                folder,
                "clock",
                List.of(),
                Map.of(
                        "LD_PRELOAD",
                        library().toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        offset.toString(),
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "1",
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1"),
                "train",
                "-c",
                file.toString());
    }

    private static Path library() throws IOException {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-*")) {
            for (Path architecture : architectures) {
                Path library = architecture.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return library;
                }
            }
        }
        throw new AssertionError("libfaketimeMT.so.1 must lie where Debian puts it");
    }

    /** The process's clock is the machine's plus this many seconds from now on. */
    private static void jump(Path offset, long seconds) throws IOException {
        Path next = Files.writeString(offset.resolveSibling("next"), "%+d".formatted(seconds));
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    private static final class Purchases {
        private final Input input;
        private final String topic;
        private final SplittableRandom random = new SplittableRandom(1);

        Purchases(Input input, String topic) {
            this.input = input;
            this.topic = topic;
        }

        void send() {
            input.send(topic, 0, Encoding.USUAL.message(Purchase.random(random, ROWS), ROWS));
            input.flush();
        }
    }
}
