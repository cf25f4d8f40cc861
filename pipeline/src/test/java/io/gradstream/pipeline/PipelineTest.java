package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.DeadLetter;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.Safetensors;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, from a plain producer's Arrow messages to what a plain consumer reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineTest {
    private static final int PARTITIONS = 3;
    private static final int MESSAGES = 30;
    private static final int ROWS_PER_MESSAGE = 100;
    private static final int ROWS = MESSAGES * ROWS_PER_MESSAGE;
    private static final int STEP_ROWS = 2 * 64;

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
    void publishesWhatItLearnedAndWhatItLearnedItFrom() throws Exception {
        Path file = configuration("whole", ROWS);
        List<byte[]> bad = List.of(
                "this is not Arrow".getBytes(UTF_8),
                TestMessages.withoutLabel(5),
                TestMessages.withTextLabel(5),
                TestMessages.rows(0, 0),
                new byte[0]);
        createTopic("whole.events");
        send("whole.events", 0, bad);
        sendRows("whole.events");

        Run run = run("train", "-c", file.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();

        Manifest manifest = verifiedNewestVersion("whole");
        int steps = (ROWS + STEP_ROWS - 1) / STEP_ROWS;
        assertThat(manifest.model()).isEqualTo("whole");
        assertThat(manifest.step()).isEqualTo(steps);
        assertThat(manifest.rows()).isEqualTo(ROWS);
        assertThat(manifest.version()).isEqualTo((steps + 4) / 5);

        List<StepMetrics> metrics = topics("whole").steps();
        assertThat(metrics).extracting(StepMetrics::step).containsExactlyElementsOf(oneTo(steps));
        assertThat(metrics.getLast().rows()).isEqualTo(ROWS);
        assertThat(metrics.getLast().progressive().get("rows")).isNotNull();
        assertThat(metrics.getLast().progressive().get("loss")).isLessThan(Math.log(2));
        assertThat(metrics.getLast().layers()).containsOnlyKeys("linear.weight", "linear.bias");

        assertThat(rowsOf(topics("whole").journal(), steps)).isEqualTo(ROWS);
        assertCommittedLike(manifest, "whole");

        List<DeadLetter> dead =
                topics("whole").read("dead").stream().map(DeadLetter::parse).toList();
        assertThat(dead)
                .extracting(DeadLetter::reason)
                .containsExactly("corrupt", "missing-column", "wrong-type", "empty", "empty");
        assertThat(dead).extracting(letter -> letter.origin().offset()).containsExactly(0L, 1L, 2L, 3L, 4L);
        for (int i = 0; i < bad.size(); i++) {
            assertThat(dead.get(i).value()).isEqualTo(bad.get(i));
        }
    }

    @Test
    void goesOnWhereItStoppedInsideAMessage() throws Exception {
        createTopic("resumed.events");
        sendRows("resumed.events");
        int first = 1_030;

        assertThat(run("train", "-c", configuration("resumed", first).toString())
                        .exitCode())
                .isZero();
        assertThat(verifiedNewestVersion("resumed").rows()).isEqualTo(first);

        Run second = run("train", "-c", configuration("resumed", ROWS).toString());
        assertThat(second.exitCode()).as(second.err()).isZero();
        Manifest manifest = verifiedNewestVersion("resumed");
        assertThat(manifest.rows()).isEqualTo(ROWS);
        List<JournalRecord> journal = topics("resumed").journal();
        assertThat(rowsOf(journal, journal.size())).isEqualTo(ROWS);
        assertThat(topics("resumed").steps())
                .extracting(StepMetrics::step)
                .containsExactlyElementsOf(oneTo(journal.size()));
        assertCommittedLike(manifest, "resumed");
    }

    @Test
    void goesOnFromTheWeightsTopicWhenTheCheckpointsAreGone() throws Exception {
        createTopic("lost.events");
        sendRows("lost.events");
        assertThat(run("train", "-c", configuration("lost", 1_000).toString()).exitCode())
                .isZero();
        Manifest before = verifiedNewestVersion("lost");
        try (var files = Files.walk(directory.resolve("lost"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.delete(each);
            }
        }
        assertThat(run("train", "-c", configuration("lost", ROWS).toString()).exitCode())
                .isZero();
        Manifest after = verifiedNewestVersion("lost");
        assertThat(after.rows()).isEqualTo(ROWS);
        assertThat(after.version()).isGreaterThan(before.version());
        List<JournalRecord> journal = topics("lost").journal();
        assertThat(rowsOf(journal, journal.size())).isEqualTo(ROWS);
    }

    @Test
    void listsEverythingThatDoesNotFitAWarmStart() throws Exception {
        Path weights = directory.resolve("misfit.safetensors");
        Files.write(
                weights,
                Safetensors.encode(List.of(
                        NamedTensor.of("linear.weight", new float[3], 1, 3),
                        NamedTensor.of("linear.wait", new float[1], 1))));
        createTopic("misfit.events");
        Run run = run("train", "-c", configuration("misfit", 10).toString(), "--set", "model.warmStart=" + weights);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("shape differs: tensor=linear.weight model=[1, 2] given=[1, 3]")
                .contains("missing: tensor=linear.bias shape=[1]")
                .contains("unknown to the model: tensor=linear.wait");
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Path configuration(String name, int rows) throws Exception {
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s.events], start: earliest}
                features:
                  - {column: x, type: numeric}
                  - {column: y, type: numeric}
                label: {column: clicked}
                weight: {column: importance}
                model: {type: linear}
                loss: binary-cross-entropy
                training:
                  microBatch: 64
                  accumulate: 2
                  flush: off
                  optimizer: {type: sgd, learningRate: 0.5, momentum: 0.9}
                publish:
                  weights: {every: 5 steps}
                checkpoint: {directory: "%s", every: 10 steps}
                stop: {rows: %d}
                http: {port: off}
                """.formatted(name, broker.bootstrap(), name, directory.resolve(name), rows));
        return file;
    }

    private TrainerTopics topics(String name) {
        return new TrainerTopics(broker.bootstrap(), name);
    }

    private void createTopic(String topic) {
        try (Topics topics = new Topics(Map.of("bootstrap.servers", broker.bootstrap()))) {
            topics.ensure(List.of(TopicSpec.of(topic, PARTITIONS)));
        }
    }

    private void sendRows(String topic) {
        for (int i = 0; i < MESSAGES; i++) {
            send(topic, i % PARTITIONS, List.of(TestMessages.rows(i, ROWS_PER_MESSAGE)));
        }
    }

    private void send(String topic, int partition, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (byte[] value : values) {
                Future<RecordMetadata> _ = producer.send(new ProducerRecord<>(topic, partition, null, value));
            }
        }
    }

    /** Applies the topic as a new consumer would and checks every promise about its newest version. */
    private Manifest verifiedNewestVersion(String name) throws Exception {
        Map<String, byte[]> values = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics(name).read("weights")) {
            values.put(new String(record.key(), UTF_8), record.value());
        }
        Manifest manifest = Manifest.parse(requireNonNull(values.get("manifest")));
        Set<String> keys = new java.util.HashSet<>();
        for (Manifest.Slice slice : manifest.slices()) {
            byte[] value = requireNonNull(values.get(slice.key().toString()));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(value)))
                    .isEqualTo(slice.sha256());
            NamedTensor tensor = Safetensors.decode(value).tensors().getFirst();
            assertThat(tensor.shape()).isEqualTo(shape(slice));
            keys.add(slice.key().toString());
        }
        assertThat(keys).containsExactlyInAnyOrder("linear.weight", "linear.bias");
        return manifest;
    }

    private static int[] shape(Manifest.Slice slice) {
        return slice.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Counts the rows of a journal after checking that no row is in it twice and none is left out. */
    private static int rowsOf(List<JournalRecord> journal, int steps) {
        assertThat(journal).extracting(JournalRecord::step).containsExactlyElementsOf(oneTo(steps));
        Map<String, Position> next = new TreeMap<>();
        int rows = 0;
        for (JournalRecord step : journal) {
            int ofStep = 0;
            for (JournalRecord.Range range : step.ranges()) {
                Position expected = next.put(range.topic() + "-" + range.partition(), range.to());
                if (expected != null) {
                    assertThat(range.from()).isEqualTo(expected);
                }
                ofStep += (int) (range.to().offset() - range.from().offset()) * ROWS_PER_MESSAGE
                        + range.to().row()
                        - range.from().row();
            }
            assertThat(ofStep).isBetween(1, STEP_ROWS);
            rows += ofStep;
        }
        return rows;
    }

    private void assertCommittedLike(Manifest manifest, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            committed.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
            Map<TopicPartition, Long> expected = new HashMap<>();
            manifest.offsets()
                    .forEach((topic, partitions) -> partitions.forEach((partition, position) ->
                            expected.put(new TopicPartition(topic, partition), position.offset())));
            assertThat(offsets).isEqualTo(expected);
        }
    }

    private static List<Long> oneTo(int last) {
        List<Long> numbers = new ArrayList<>();
        for (long i = 1; i <= last; i++) {
            numbers.add(i);
        }
        return numbers;
    }
}
