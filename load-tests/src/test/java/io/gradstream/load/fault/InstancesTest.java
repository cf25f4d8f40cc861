package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of one name, each in a process and a directory of its own; the state travels by its topic. */
class InstancesTest {
    private static final int ROWS_PER_MESSAGE = 100;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .directory(folder.resolve("kafka"))
                .property("group.min.session.timeout.ms", "1000")
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void theOneThatWaitsTakesOverFromOneThatIsKilled() throws Exception {
        SyntheticTopic events = events("killed");
        events.send(60);
        try (FrontDoor first = train("killed", "first")) {
            assertThat(first.says("training begins")).isTrue();
            try (FrontDoor second = train("killed", "second")) {
                assertThat(second.says("waits to lead: group=killed.leader leader="))
                        .isTrue();
                long killed = System.nanoTime();
                first.kill();
                events.send(20);
                assertThat(second.says("training begins")).as(second.log()).isTrue();
                System.out.printf("taken over after %.1f s, session timeout 2 s%n", (System.nanoTime() - killed) / 1e9);
                assertThat(second.exitCode()).as(second.log()).isZero();
                assertThat(second.log()).doesNotContain("goes on from the weights topic");
            }
        }
        requireExact("killed", "second", events);
    }

    @Test
    void aFrozenOneThatWakesUpPublishesNothingMore() throws Exception {
        SyntheticTopic events = events("frozen");
        events.send(30);
        try (FrontDoor first = train("frozen", "first")) {
            assertThat(first.says("training begins")).isTrue();
            first.freeze();
            try (FrontDoor second = train("frozen", "second")) {
                assertThat(second.says("training begins")).as(second.log()).isTrue();
                events.send(30);
                first.thaw();
                events.send(20);
                assertThat(first.exitCode()).as(first.log()).isEqualTo(1);
                assertThat(first.log()).contains("another instance took over");
                assertThat(second.exitCode()).as(second.log()).isZero();
            }
        }
        requireExact("frozen", "second", events);
    }

    @Test
    void theSecondEndsWithAnErrorIfItIsTold() throws Exception {
        events("refused").send(5);
        try (FrontDoor first = train("refused", "first")) {
            assertThat(first.says("training begins")).isTrue();
            try (FrontDoor second = train("refused", "second", "--set", "standby=exit")) {
                assertThat(second.exitCode()).as(second.log()).isEqualTo(1);
                assertThat(second.log())
                        .contains("another instance of this name works: group=refused.leader leader=")
                        .contains("host=/127.0.0.1");
            }
            assertThat(first.terminate()).as(first.log()).isEqualTo(130);
        }
    }

    @Test
    void oneThatWaitsCanBeEnded() throws Exception {
        events("ended").send(5);
        try (FrontDoor first = train("ended", "first")) {
            assertThat(first.says("training begins")).isTrue();
            try (FrontDoor second = train("ended", "second")) {
                assertThat(second.says("waits to lead")).isTrue();
                assertThat(second.terminate()).as(second.log()).isEqualTo(130);
            }
            assertThat(first.terminate()).as(first.log()).isEqualTo(130);
        }
    }

    private static SyntheticTopic events(String name) throws IOException {
        return new SyntheticTopic(
                broker.bootstrap(), configuration(name, "first"), name + ".events", 2, ROWS_PER_MESSAGE, 5);
    }

    private static FrontDoor train(String name, String instance, String... more) throws IOException {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "train";
        arguments[1] = "-c";
        arguments[2] = configuration(name, instance).toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return FrontDoor.start(folder, name + "-" + instance, arguments);
    }

    private static void requireExact(String name, String instance, SyntheticTopic events) throws Exception {
        Fates fates = Fates.read(broker.bootstrap(), name);
        events.assertEachRowOnce(fates);
        String newest = Published.of(broker.bootstrap(), name).newestVersion();
        try (FrontDoor replay = FrontDoor.start(
                folder,
                name + "-replay",
                "replay",
                "-c",
                configuration(name, instance).toString(),
                "--version",
                newest,
                "--verify",
                "--from-the-beginning")) {
            assertThat(replay.exitCode()).as(replay.log()).isZero();
        }
    }

    private static Path configuration(String name, String instance) throws IOException {
        Path file = folder.resolve(name + "-" + instance + ".yaml");
        Files.writeString(
                file, """
                name: %s
                kafka:
                  bootstrap: "%s"
                  properties: {session.timeout.ms: 2000, heartbeat.interval.ms: 300}
                source: {topics: [%s.events], start: earliest}
                features:
                  - {column: age, type: numeric, scale: standardize}
                  - {column: site, type: categorical, buckets: 100, dimension: 4}
                label: {column: clicked}
                model: {type: mlp, hidden: [16]}
                loss: binary-cross-entropy
                training: {microBatch: 50, flush: 20ms}
                publish: {weights: {every: 2 steps}}
                checkpoint: {directory: "%s", every: 10 steps, topic: %s.state}
                http: {port: off}
                stop: {rows: 8000}
                """.formatted(name, broker.bootstrap(), name, folder.resolve(name + "-" + instance), name));
        return file;
    }
}
