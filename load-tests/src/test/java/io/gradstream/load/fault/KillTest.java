package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A trainer that is killed again and again, at moments nobody chooses, publishes to the bit what one publishes that nobody touched.
 *
 * <p>{@code ./gradstream test -pl load-tests -am -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false -Dgradstream.kills=1000} kills
 * a thousand times.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("gradstream.kills", 32);
    private static final long SEED = Long.getLong("gradstream.seed", System.nanoTime());
    private static final int ROWS_PER_MESSAGE = 150;
    private static final int MESSAGES_PER_LIFE = 40;

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

    /** What is trained, and how. */
    enum Kind {
        FP32(1, "off", """
                model: {type: mlp, hidden: [32, 16], dropout: 0.1, normalization: batch}
                loss: binary-cross-entropy
                training: {microBatch: 64, accumulate: 2, flush: off, optimizer: {type: adamw, learningRate: 0.003}, clip: {norm: 1.0},
                           watchEvery: 30}
                """),
        BF16(1, "off", """
                model: {type: wide-deep, hidden: [32]}
                loss: binary-cross-entropy
                training: {microBatch: 64, accumulate: 2, flush: off, precision: bf16, optimizer: {type: adam}, average: {decay: 0.99}}
                """),
        FP16(1, "off", """
                model: {type: mlp, hidden: [32]}
                loss: binary-cross-entropy
                training: {microBatch: 64, accumulate: 2, flush: off, precision: fp16, optimizer: {type: sgd, learningRate: 0.05, momentum: 0.9},
                           lossScale: {initial: 1048576, growth: 2, backoff: 0.5, interval: 7}}
                """),
        BY_THE_CLOCK(3, "15ms", """
                model: {type: deepfm, hidden: [16]}
                loss: binary-cross-entropy
                training: {microBatch: 64, accumulate: 2, flush: 15ms, embeddings: lazy, optimizer: {type: adamw}}
                """);

        private final int partitions;
        private final String flush;
        private final String how;

        Kind(int partitions, String flush, String how) {
            this.partitions = partitions;
            this.flush = flush;
            this.how = how;
        }

        /** Whether rows alone decide what comes out: one partition, and no clock. */
        boolean ordered() {
            return flush.equals("off");
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesBackToTheSameBits(Kind kind) throws Exception {
        int kills = KILLS / Kind.values().length;
        String name = "killed-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        SplittableRandom random = new SplittableRandom(SEED + kind.ordinal());
        System.out.println(name + ": seed=" + SEED + " kills=" + kills);
        int rows = (kills + 1) * MESSAGES_PER_LIFE * ROWS_PER_MESSAGE;
        Path file = configuration(name, kind, rows);
        SyntheticTopic events =
                new SyntheticTopic(broker.bootstrap(), file, name + ".events", kind.partitions, ROWS_PER_MESSAGE, SEED);

        Lives lives = new Lives();
        for (int life = 0; life < kills; life++) {
            events.send(MESSAGES_PER_LIFE);
            try (FrontDoor trainer = FrontDoor.start(folder, name + "-" + life, "train", "-c", file.toString())) {
                if (random.nextInt(4) == 0) {
                    Thread.sleep(random.nextInt(200, 4000));
                } else if (trainer.says("training begins")) {
                    lives.trained++;
                    TopicEnd.awaitRecords(broker.bootstrap(), name + ".weights", random.nextInt(40));
                    Thread.sleep(random.nextInt(100));
                }
                assertThat(trainer.isAlive()).as(trainer.log()).isTrue();
                trainer.kill();
                lives.add(trainer.log());
            }
        }
        events.send(MESSAGES_PER_LIFE);
        try (FrontDoor trainer = FrontDoor.start(folder, name + "-last", "train", "-c", file.toString())) {
            assertThat(trainer.exitCode()).as(trainer.log()).isZero();
        }
        System.out.println(name + ": " + lives);
        assertThat(lives.relearned).as("steps that had to be learned once more").isPositive();

        Published published = Published.of(broker.bootstrap(), name);
        Fates fates = Fates.read(broker.bootstrap(), name);
        events.assertEachRowOnce(fates);
        assertThat(fates.rowsLearned(ROWS_PER_MESSAGE)).isEqualTo(rows);
        if (kind.ordered()) {
            Path other = configuration(name + "-undisturbed", kind, rows);
            Files.writeString(other, Files.readString(other).replace(name + "-undisturbed.events", name + ".events"));
            try (FrontDoor trainer = FrontDoor.start(folder, name + "-undisturbed", "train", "-c", other.toString())) {
                assertThat(trainer.exitCode()).as(trainer.log()).isZero();
            }
            Published undisturbed = Published.of(broker.bootstrap(), name + "-undisturbed");
            published.assertSameWeights(undisturbed);
            assertThat(published.lastProgress()).isEqualTo(undisturbed.lastProgress());
        }
        try (FrontDoor replay = FrontDoor.start(
                folder,
                name + "-replay",
                "replay",
                "-c",
                file.toString(),
                "--version",
                published.newestVersion(),
                "--verify",
                "--from-the-beginning")) {
            assertThat(replay.exitCode()).as(replay.log()).isZero();
        }
    }

    /** What the killed ones had come to. */
    private static final class Lives {
        private static final Pattern ONCE_MORE = Pattern.compile("so (\\d+) steps are learned once more");

        private int trained;
        private int recovered;
        private int relearned;

        void add(String log) {
            assertThat(log).doesNotContain("goes on from the weights topic");
            Matcher recovery = ONCE_MORE.matcher(log);
            if (recovery.find()) {
                recovered++;
                relearned += Integer.parseInt(recovery.group(1));
            }
        }

        @Override
        public String toString() {
            return "killed-while-training=" + trained + " recoveries=" + recovered + " steps-learned-once-more="
                    + relearned;
        }
    }

    private Path configuration(String name, Kind kind, int rows) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        List<String> lines = new ArrayList<>();
        lines.add("""
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s.events], start: earliest}
                features:
                  - {column: age, type: numeric, scale: standardize}
                  - {column: score, type: numeric}
                  - {column: site, type: categorical, buckets: 1000, dimension: 4}
                  - {column: tags, type: bag, buckets: 500, dimension: 4}
                label: {column: clicked}
                """.formatted(name, broker.bootstrap(), name));
        lines.add(kind.how);
        lines.add("""
                publish: {weights: {every: 3 steps}}
                checkpoint: {directory: "%s", every: 25 steps, keep: 3}
                http: {port: off}
                stop: {rows: %d}
                """.formatted(folder.resolve(name), rows));
        Files.writeString(file, String.join("", lines));
        return file;
    }
}
