package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.load.outside.FrontDoor;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service with {@code device: cuda}, from Kafka to weights, on the emulated card: it learns what it learns on the CPU, and all that is
 * promised of bits holds. In FP16 with a loss scale that overflows, and a table of which only touched rows have gradients.
 */
@Needs(Tool.NATIVE_TOOLCHAIN)
class CudaServiceTest {
    private static final int ROWS_PER_MESSAGE = 100;
    private static final int MESSAGES = 20;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, String> emulated;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder().directory(folder.resolve("kafka")).start();
        emulated = Map.of("JAVA_TOOL_OPTIONS", String.join(" ", Emulator.flags()));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void learnsOnACardWhatItLearnsOnTheCpuAndComesBackToTheSameBits() throws Exception {
        Path killed = configuration("card", "cuda");
        SyntheticTopic events = new SyntheticTopic(broker.bootstrap(), killed, "clicks", 1, ROWS_PER_MESSAGE, 7);
        events.send(MESSAGES / 2);
        try (FrontDoor trainer = card("killed", "train", killed)) {
            assertThat(trainer.says("training begins")).as(trainer.log()).isTrue();
            TopicEnd.awaitRecords(broker.bootstrap(), "card.weights", 20);
            trainer.kill();
        }
        events.send(MESSAGES - MESSAGES / 2);
        train("recovered", killed);
        Path whole = configuration("card-undisturbed", "cuda");
        train("undisturbed", whole);
        Path cpu = configuration("cpu", "cpu");
        train("cpu", cpu);

        try (FrontDoor tensorFloats =
                card("tf32", "train", configuration("card-tf32", "cuda"), "--set", "training.precision=tf32")) {
            assertThat(tensorFloats.exitCode()).as(tensorFloats.log()).isZero();
        }

        Published published = Published.of(broker.bootstrap(), "card");
        Published undisturbed = Published.of(broker.bootstrap(), "card-undisturbed");
        published.assertSameWeights(undisturbed);
        assertThat(published.lastProgress()).isEqualTo(undisturbed.lastProgress());
        assertThat(undisturbed.newestVersion())
                .isEqualTo(Published.of(broker.bootstrap(), "cpu").newestVersion());
        assertThat(loss(undisturbed)).isCloseTo(loss(Published.of(broker.bootstrap(), "cpu")), within(1e-3));
        Published rounded = Published.of(broker.bootstrap(), "card-tf32");
        assertThat(loss(rounded))
                .isCloseTo(loss(undisturbed), within(1e-2))
                .as("products of rounded operands")
                .isNotEqualTo(loss(undisturbed));
        try (FrontDoor replay = card(
                "replay",
                "replay",
                killed,
                "--version",
                published.newestVersion(),
                "--verify",
                "--from-the-beginning")) {
            assertThat(replay.exitCode()).as(replay.log()).isZero();
        }
    }

    @Test
    void saysWhatToChangeWhenTheCardIsTooSmall() throws Exception {
        Map<String, String> small = new HashMap<>(emulated);
        small.put("GRADSTREAM_EMULATOR", "memory=" + (4L << 20));
        Path file = configuration("small", "cuda");
        try (FrontDoor trainer = FrontDoor.start(folder, "small", List.of(), small, "train", "-c", file.toString())) {
            assertThat(trainer.exitCode()).isNotZero();
            assertThat(trainer.log())
                    .contains("the card has too little memory: card=cuda:0")
                    .contains("asked=")
                    .contains("free=")
                    .contains("lower training.microBatch");
        }
    }

    private static double loss(Published published) throws IOException {
        JsonNode progress = new JsonMapper().readTree(published.lastProgress());
        return progress.get("loss").asDouble();
    }

    private static void train(String name, Path configuration) throws Exception {
        try (FrontDoor trainer = card(name, "train", configuration)) {
            assertThat(trainer.exitCode()).as(trainer.log()).isZero();
        }
    }

    private static FrontDoor card(String name, String command, Path configuration, String... more) throws IOException {
        String[] arguments = new String[3 + more.length];
        arguments[0] = command;
        arguments[1] = "-c";
        arguments[2] = configuration.toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return FrontDoor.start(folder, name, List.of(), emulated, arguments);
    }

    private static Path configuration(String name, String device) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [clicks], start: earliest}
                features:
                  - {column: age, type: numeric, scale: standardize}
                  - {column: score, type: numeric}
                  - {column: site, type: categorical, buckets: 1000, dimension: 4}
                  - {column: tags, type: bag, buckets: 500, dimension: 4}
                label: {column: clicked}
                model: {type: mlp, hidden: [16], dropout: 0.1}
                loss: binary-cross-entropy
                training:
                  device: %s
                  microBatch: 50
                  accumulate: 2
                  flush: off
                  precision: fp16
                  embeddings: lazy
                  optimizer: {type: adamw, learningRate: 0.003}
                  clip: {norm: 1.0}
                  lossScale: {initial: 1073741824, growth: 2, backoff: 0.5, interval: 5}
                publish: {weights: {every: 2 steps}}
                checkpoint: {directory: "%s", every: 5 steps, keep: 2}
                http: {port: off}
                stop: {rows: %d}
                """.formatted(
                name, broker.bootstrap(), device, folder.resolve(name + "-state"), MESSAGES * ROWS_PER_MESSAGE));
        return file;
    }
}
