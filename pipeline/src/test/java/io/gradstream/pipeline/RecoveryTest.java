package io.gradstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.pipeline.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A trainer whose checkpoint is older than what it has published, as after a kill. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveryTest {
    private static final int ROWS_PER_MESSAGE = 100;
    private static final int MESSAGES = 60;
    private static final int FIRST = 4_010;
    private static final int ALL = MESSAGES * ROWS_PER_MESSAGE;

    private Path directory;
    private EmbeddedBroker broker;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        broker = EmbeddedBroker.builder().directory(directory.resolve("kafka")).start();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void goesOnToTheSameBitsFromWhateverCheckpointIsLeft() throws Exception {
        prepare("undisturbed", 1);
        assertThat(train("undisturbed", FIRST).exitCode()).isZero();
        assertThat(train("undisturbed", ALL).exitCode()).isZero();
        List<String> expected = topics("undisturbed").history();

        for (long left : new long[] {0, 10, 30}) {
            String name = "left" + left;
            prepare(name, 1);
            assertThat(train(name, FIRST).exitCode()).isZero();
            CheckpointFiles.forgetBehind(directory.resolve(name), left);
            Run second = train(name, ALL);
            assertThat(second.exitCode()).as(second.err()).isZero();
            assertThat(topics(name).history()).as(name).isEqualTo(expected);
            assertThat(topics(name).steps().getLast().progressive())
                    .as(name)
                    .isEqualTo(topics("undisturbed").steps().getLast().progressive());
        }
    }

    @Test
    void recomputesWhatSeveralPartitionsMade() throws Exception {
        prepare("partitions", 3);
        assertThat(train("partitions", FIRST).exitCode()).isZero();
        CheckpointFiles.forgetBehind(directory.resolve("partitions"), 10);
        Run second = train("partitions", ALL);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(topics("partitions").manifests().getLast().rows()).isEqualTo(ALL);
    }

    @Test
    void stopsIfAVersionComesOutDifferentAndSaysWhatHasChanged() throws Exception {
        prepare("changed", 1);
        assertThat(train("changed", FIRST).exitCode()).isZero();
        CheckpointFiles.forgetBehind(directory.resolve("changed"), 10);
        int versions = topics("changed").manifests().size();

        Run second = train("changed", ALL, "--set", "training.optimizer.learningRate=0.02");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .contains("a version comes out different: version=")
                .contains("changed=[training.optimizer.learningRate: 0.01 -> 0.02, stop.rows: 4010 -> 6000]");
        assertThat(topics("changed").manifests()).hasSize(versions);

        Run third = train("changed", ALL);
        assertThat(third.exitCode()).as(third.err()).isZero();
    }

    @Test
    void passesOverATornCheckpoint() throws Exception {
        prepare("torn", 1);
        assertThat(train("torn", FIRST).exitCode()).isZero();
        try (Stream<Path> files = Files.list(directory.resolve("torn"))) {
            Path newest = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .max(Path::compareTo)
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(newest);
            Files.write(newest, Arrays.copyOf(bytes, bytes.length / 2));
        }
        Run second = train("torn", ALL);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(topics("torn").history()).isEqualTo(weightsOfUndisturbedTwin());
    }

    private List<String> weightsOfUndisturbedTwin() throws Exception {
        prepare("twin", 1);
        assertThat(train("twin", FIRST).exitCode()).isZero();
        assertThat(train("twin", ALL).exitCode()).isZero();
        return topics("twin").history();
    }

    @Test
    void goesOnFromTheStateOnItsTopicWhenTheDirectoryIsLost() throws Exception {
        String[] topic = {"--set", "checkpoint.topic=lost.state", "--set", "publish.weights.sliceSize=1KiB"};
        prepare("lost", 1);
        Run first = train("lost", FIRST, topic);
        assertThat(first.exitCode()).as(first.err()).isZero();
        try (Stream<Path> files = Files.list(directory.resolve("lost"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Run second = train("lost", ALL, topic);
        assertThat(second.exitCode()).as(second.err()).isZero();

        prepare("kept", 1);
        String[] other = {"--set", "publish.weights.sliceSize=1KiB"};
        assertThat(train("kept", FIRST, other).exitCode()).isZero();
        assertThat(train("kept", ALL, other).exitCode()).isZero();
        assertThat(topics("lost").history()).isEqualTo(topics("kept").history());
        assertThat(topics("lost").steps().getLast().progressive())
                .isEqualTo(topics("kept").steps().getLast().progressive());
    }

    @Test
    void goesOnFromTheWeightsWhereRowsAreGone() throws Exception {
        prepare("gone", 1);
        assertThat(train("gone", FIRST).exitCode()).isZero();
        CheckpointFiles.forgetBehind(directory.resolve("gone"), 10);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition("gone.events", 0), RecordsToDelete.beforeOffset(30)))
                    .all()
                    .get();
        }
        Run second = train("gone", ALL);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(topics("gone").manifests().getLast().rows()).isEqualTo(ALL);
    }

    private TrainerTopics topics(String name) {
        return new TrainerTopics(broker.bootstrap(), name);
    }

    private record Run(int exitCode, String err) {}

    private Run train(String name, int rows, String... more) throws IOException {
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s.events], start: earliest}
                features:
                  - {column: x, type: numeric, scale: standardize}
                  - {column: y, type: numeric}
                label: {column: clicked}
                weight: {column: importance}
                model: {type: mlp, hidden: [16, 8], dropout: 0.2, normalization: layer}
                loss: binary-cross-entropy
                training:
                  microBatch: 32
                  accumulate: 2
                  flush: off
                  optimizer: {type: adamw, learningRate: 0.01}
                  clip: {norm: 1.0}
                publish:
                  weights: {every: 5 steps}
                checkpoint: {directory: "%s", every: 10 steps, keep: 100}
                http: {port: off}
                stop: {rows: %d}
                """.formatted(name, broker.bootstrap(), name, directory.resolve(name), rows));
        List<String> arguments = new ArrayList<>(List.of("train", "-c", file.toString()));
        arguments.addAll(List.of(more));
        StringWriter err = new StringWriter();
        int exitCode =
                Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), arguments.toArray(String[]::new));
        return new Run(exitCode, err.toString());
    }

    private void prepare(String name, int partitions) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrap());
        try (Topics topics = new Topics(client)) {
            topics.ensure(List.of(TopicSpec.of(name + ".events", partitions)));
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < MESSAGES; i++) {
                byte[] value = i % 7 == 3 ? TestMessages.withoutLabel(5) : TestMessages.rows(i, ROWS_PER_MESSAGE);
                producer.send(new ProducerRecord<>(name + ".events", i % partitions, null, value))
                        .get();
                if (i % 7 == 3) {
                    producer.send(new ProducerRecord<>(
                                    name + ".events", i % partitions, null, TestMessages.rows(i, ROWS_PER_MESSAGE)))
                            .get();
                }
            }
        }
    }
}
