package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.connectors.topic.TopicReader;
import io.gradstream.pipeline.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
        List<String> expected = weights("undisturbed");

        for (long left : new long[] {0, 10, 30}) {
            String name = "left" + left;
            prepare(name, 1);
            assertThat(train(name, FIRST).exitCode()).isZero();
            forgetCheckpointsBehind(name, left);
            Run second = train(name, ALL);
            assertThat(second.exitCode()).as(second.err()).isZero();
            assertThat(weights(name)).as(name).isEqualTo(expected);
            assertThat(lastProgress(name)).as(name).isEqualTo(lastProgress("undisturbed"));
        }
    }

    @Test
    void recomputesWhatSeveralPartitionsMade() throws Exception {
        prepare("partitions", 3);
        assertThat(train("partitions", FIRST).exitCode()).isZero();
        forgetCheckpointsBehind("partitions", 10);
        Run second = train("partitions", ALL);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(manifests("partitions").getLast().rows()).isEqualTo(ALL);
    }

    @Test
    void stopsIfAVersionComesOutDifferentAndSaysWhatHasChanged() throws Exception {
        prepare("changed", 1);
        assertThat(train("changed", FIRST).exitCode()).isZero();
        forgetCheckpointsBehind("changed", 10);
        int versions = manifests("changed").size();

        Run second = train("changed", ALL, "--set", "training.optimizer.learningRate=0.02");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .contains("a version comes out different: version=")
                .contains("changed=[training.optimizer.learningRate: 0.01 -> 0.02, stop.rows: 4010 -> 6000]");
        assertThat(manifests("changed")).hasSize(versions);

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
        assertThat(weights("torn")).isEqualTo(weightsOfUndisturbedTwin());
    }

    private List<String> weightsOfUndisturbedTwin() throws Exception {
        prepare("twin", 1);
        assertThat(train("twin", FIRST).exitCode()).isZero();
        assertThat(train("twin", ALL).exitCode()).isZero();
        return weights("twin");
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
        assertThat(weights("lost")).isEqualTo(weights("kept"));
        assertThat(lastProgress("lost")).isEqualTo(lastProgress("kept"));
    }

    @Test
    void goesOnFromTheWeightsWhereRowsAreGone() throws Exception {
        prepare("gone", 1);
        assertThat(train("gone", FIRST).exitCode()).isZero();
        forgetCheckpointsBehind("gone", 10);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition("gone.events", 0), RecordsToDelete.beforeOffset(30)))
                    .all()
                    .get();
        }
        Run second = train("gone", ALL);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(manifests("gone").getLast().rows()).isEqualTo(ALL);
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

    /** What a kill leaves behind that came before these were written. */
    private void forgetCheckpointsBehind(String name, long step) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            for (Path file : files.toList()) {
                String stem = file.getFileName().toString().replaceAll("\\..*", "");
                if (stem.matches("\\d+") && Long.parseLong(stem) > step) {
                    Files.delete(file);
                }
            }
        }
        assertThat(directory.resolve(name).resolve("%012d.json".formatted(step)))
                .exists();
    }

    /** Every record of the weights topic as text; of the manifests all but their time. */
    private List<String> weights(String name) {
        List<String> weights = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(name + ".weights")) {
            String key = new String(record.key(), UTF_8);
            if (key.equals(Manifest.KEY)) {
                Manifest manifest = Manifest.parse(record.value());
                weights.add("manifest " + manifest.version() + " " + manifest.step() + " " + manifest.rows() + " "
                        + manifest.offsets().values() + " " + manifest.slices());
            } else {
                weights.add(key + " " + Arrays.hashCode(record.value()));
            }
        }
        return weights;
    }

    private List<Manifest> manifests(String name) {
        return read(name + ".weights").stream()
                .filter(record -> new String(record.key(), UTF_8).equals(Manifest.KEY))
                .map(record -> Manifest.parse(record.value()))
                .toList();
    }

    private Map<String, Double> lastProgress(String name) {
        StepMetrics last = (StepMetrics)
                MetricRecord.parse(read(name + ".metrics").getLast().value());
        return new LinkedHashMap<>(last.progressive());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return requireNonNull(new TopicReader(broker.bootstrap(), topic, Map.of())
                .records()
                .collectList()
                .block());
    }
}
