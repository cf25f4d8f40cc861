package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Again;
import io.gradstream.connectors.topic.JournalRecord.Poisoned;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.WeightsReader;
import io.gradstream.pipeline.cli.Main;
import io.gradstream.pipeline.operation.Operation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the guards do for a model in training, seen from its topics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardedTrainingTest {
    /** A label whose square is not a finite float. */
    private static final double POISON = 1e30;

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

    /** The poison is in the last step, which is a partial one: without it the other run's last step has the same rows. */
    @Test
    void learnsWhatItWouldHaveLearnedWithoutAPoisonousRow() throws Exception {
        rows("poisoned", 43, i -> i == 41 ? POISON : label(i));
        rows("clean", 42, i -> label(i == 41 ? 42 : i), i -> i == 41 ? 42 : i);
        for (String precision : List.of("fp32", "bf16", "fp16")) {
            String poisoned = "poisoned-" + precision;
            String clean = "clean-" + precision;
            train(poisoned, "poisoned.events", 43, "training.precision=" + precision);
            train(clean, "clean.events", 42, "training.precision=" + precision);
            assertThat(weights(poisoned)).as(precision).isEqualTo(weights(clean));
            assertThat(topics(poisoned).steps().getLast().progressive())
                    .as(precision)
                    .isEqualTo(topics(clean).steps().getLast().progressive());
            assertThat(topics(poisoned).events("poison"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.fields())
                            .containsEntry("name", "poisoned.events-0-20-1")
                            .containsEntry("offset", 20L)
                            .containsEntry("row", 1L));
            assertThat(letters(poisoned)).containsExactly("poisoned.events 0 20 1 poison");
            assertThat(poisonedRows(poisoned)).containsExactly(new Poisoned("poisoned.events", 0, 20, 1, 1));
            assertThat(topics(clean).events("poison")).isEmpty();
        }
    }

    @Test
    void decidesTheSameWhenItLearnsTheRowsOnceMore() throws Exception {
        rows("again", 200, i -> i % 37 == 20 ? POISON : label(i));
        train("undisturbed", "again.events", 90);
        train("undisturbed", "again.events", 200);
        train("recovered", "again.events", 90);
        CheckpointFiles.forgetBehind(directory.resolve("recovered"), 0);
        train("recovered", "again.events", 200);
        assertThat(topics("recovered").history())
                .isEqualTo(topics("undisturbed").history());
        assertThat(letters("recovered")).hasSize(5).isEqualTo(letters("undisturbed"));
        assertThat(topics("recovered").steps().getLast().progressive())
                .isEqualTo(topics("undisturbed").steps().getLast().progressive());
    }

    /** A scale of 2^120 makes every gradient overflow until it has fallen far enough. */
    @Test
    void blamesNoRowForALossScaleThatIsTooHigh() throws Exception {
        rows("scale", 400, GuardedTrainingTest::label);
        train(
                "scale",
                "scale.events",
                400,
                "training.precision=fp16",
                "training.lossScale.initial=1.329227995784916e36",
                "training.lossScale.backoff=0.0009765625");
        assertThat(topics("scale").events("poison")).isEmpty();
        assertThat(topics("scale").events("not-finite-step")).isEmpty();
        assertThat(letters("scale")).isEmpty();
        assertThat(topics("scale").steps().getLast().skippedSteps()).isPositive();
        assertThat(topics("scale").steps().getLast().overflow()).isFalse();
    }

    @Test
    void leavesTheModelAsItIsWhereNobodyIsToBlame() throws Exception {
        rows("all", 24, i -> i >= 8 && i < 16 ? POISON : label(i));
        train("all", "all.events", 24);
        assertThat(topics("all").events("not-finite-step")).hasSize(1);
        assertThat(letters("all")).isEmpty();
        train("letters", "all.events", 24, "guard.poison.otherwise=dead-letter");
        assertThat(letters("letters")).hasSize(8);
        assertThat(weights("letters")).isEqualTo(weights("all"));
    }

    /** The last step's rows are absurd, though finite: what readers have afterwards is the model of before them. */
    @Test
    void takesADivergingModelBackAndItsReadersWithIt() throws Exception {
        rows("diverging", 1200, i -> i >= 800 && i < 808 ? 1000 : label(i));
        String[] settings = {"guard.rollback={worse: 2, spike: 4}", "guard.recentRows=64"};
        train("diverging", "diverging.events", 800, settings);
        Map<String, List<Float>> healthy = weights("diverging");
        assertThat(topics("diverging").events("rollback")).isEmpty();
        train("diverging", "diverging.events", 808, settings);
        assertThat(topics("diverging").events("rollback"))
                .singleElement()
                .satisfies(event -> assertThat(event.fields()).containsEntry("to_step", 100L));
        assertThat(weights("diverging")).isEqualTo(healthy);
        assertThat(topics("diverging").manifests().getLast().rows()).isEqualTo(808);

        CheckpointFiles.forgetBehind(directory.resolve("diverging"), 100);
        train("diverging", "diverging.events", 1200, settings);
        assertThat(topics("diverging").manifests().getLast().rows()).isEqualTo(1200);
        assertThat(topics("diverging").journal())
                .extracting(JournalRecord::step)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 151).boxed().toList());
    }

    /** The state of step 100 is handed over in the moment in which the model diverges: the disk cannot have it yet. */
    @Test
    void goesBackToTheNewestStateHoweverFarTheDiskHasCome() throws Exception {
        rows("sudden", 1200, i -> i >= 800 && i < 808 ? 1000 : label(i));
        for (int run = 0; run < 3; run++) {
            String name = "sudden" + run;
            train(name, "sudden.events", 1200, "guard.rollback={worse: 2, spike: 4}", "guard.recentRows=64");
            assertThat(topics(name).events("rollback"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.fields()).containsEntry("to_step", 100L));
            assertThat(topics(name).history()).isEqualTo(topics("sudden0").history());
        }
    }

    /** Steps 101 to 106 are undone by step 107, and 108 to 113 learn from their rows once more. */
    @Test
    void learnsFromUndoneRowsOnceMoreWithLessWeight() throws Exception {
        rows("undone", 1200, i -> i >= 840 && i < 848 ? 1000 : label(i));
        String[] settings = {
            "guard.rollback={worse: 2, spike: 4, undone: downweight, weight: 0.05}",
            "guard.recentRows=64",
            "training.clip={norm: 1}",
            "features=[{column: x, type: numeric, scale: standardize}, {column: y, type: numeric}]"
        };
        train("heavy", "undone.events", 848, settings);
        train("heavy", "undone.events", 1200, settings);
        assertThat(topics("heavy").journal())
                .filteredOn(record -> record.rollback().isPresent())
                .singleElement()
                .isEqualTo(JournalRecord.rollback(21, 107, 100)
                        .publishing(
                                topics("heavy").journal().get(106).published().orElseThrow()));
        assertThat(topics("heavy").journal().subList(107, 113))
                .extracting(record -> record.again().orElseThrow())
                .containsExactlyElementsOf(LongStream.rangeClosed(101, 106)
                        .mapToObj(step -> new Again(step, 0.05))
                        .toList());
        assertThat(topics("heavy").journal().subList(107, 113))
                .extracting(JournalRecord::ranges)
                .isEqualTo(topics("heavy").journal().subList(100, 106).stream()
                        .map(JournalRecord::ranges)
                        .toList());
        assertThat(topics("heavy").manifests().getLast().rows()).isEqualTo(1200);
        assertThat(topics("heavy").steps().getLast().progressive().get("rows")).isEqualTo(1200.0);

        for (long left : new long[] {0, 100, 107, 110}) {
            String name = "heavy" + left;
            train(name, "undone.events", 848, settings);
            CheckpointFiles.forgetBehind(directory.resolve(name), left);
            train(name, "undone.events", 1200, settings);
            assertThat(topics(name).history())
                    .as(name)
                    .isEqualTo(topics("heavy").history());
        }
        train(
                "light",
                "undone.events",
                848,
                settings[0].replace("downweight", "skip"),
                settings[1],
                settings[2],
                settings[3]);
        assertThat(weights("light")).isNotEqualTo(weights("heavy"));
    }

    /** What is left of an undone stretch when a trainer dies, the next one learns. */
    @Test
    void goesOnWithUndoneRowsAfterAFault() throws Exception {
        rows("broken", 1200, i -> i >= 840 && i < 848 ? 1000 : label(i));
        String[] settings = {
            "guard.rollback={worse: 2, spike: 4, undone: downweight}", "guard.recentRows=64", "training.clip={norm: 1}"
        };
        train("whole", "broken.events", 1200, settings);
        Configuration configuration = configuration("fallible", "broken.events", 1200, settings);
        try (Operation operation = new Operation(configuration);
                Pipeline pipeline = new Pipeline(operation, figures -> {
                    if (figures.step() == 112) {
                        throw new IllegalStateException("a fault in the middle of the undone rows");
                    }
                })) {
            assertThatThrownBy(pipeline::run).hasMessageContaining("a fault in the middle");
        }
        assertThat(topics("fallible").journal().getLast().step()).isBetween(100L, 111L);
        train("fallible", "broken.events", 1200, settings);
        assertThat(topics("fallible").history()).isEqualTo(topics("whole").history());
    }

    @Test
    void withholdsVersionsUntilTheyAreGoodAgain() throws Exception {
        rows("withheld", 3200, i -> i >= 800 && i < 880 ? 3 : label(i));
        String[] settings = {"guard.publish={worse: 1.5, spike: 1000}", "guard.recentRows=64"};
        train("withheld", "withheld.events", 880, settings);
        assertThat(topics("withheld").events("withheld")).isNotEmpty();
        long seen = topics("withheld").manifests().getLast().step();
        assertThat(seen).isLessThan(110);
        assertThat(topics("withheld").journal()).hasSize((int) seen);

        train("withheld", "withheld.events", 3200, settings);
        assertThat(topics("withheld").manifests().getLast().rows()).isEqualTo(3200);
        assertThat(topics("withheld").journal())
                .extracting(JournalRecord::step)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 400).boxed().toList());
    }

    @Test
    void saysWhenTheStreamHasChangedAndLearnsFasterForAWhile() throws Exception {
        rows("drift", 4000, i -> i < 2400 ? label(i) : 3 + label(i));
        train(
                "drift",
                "drift.events",
                4000,
                "guard.drift={adwin: {}, pageHinkley: {}, learningRate: {factor: 4, steps: 20}, reset: [mlp.2.*]}");
        List<MetricEvent> drifts = topics("drift").events("drift");
        assertThat(drifts).extracting(event -> event.fields().get("detector")).contains("adwin", "page-hinkley");
        MetricEvent first = drifts.getFirst();
        assertThat(first.step()).isBetween(301L, 310L);
        assertThat((double) requireNonNull(first.fields().get("mean_after")))
                .isGreaterThan((double) requireNonNull(first.fields().get("mean_before")));
        assertThat(first.fields()).containsEntry("reset", "mlp.2.weight mlp.2.bias");
        assertThat(topics("drift").steps())
                .filteredOn(record -> record.step() == first.step() + 1)
                .singleElement()
                .satisfies(record -> assertThat(record.learningRate()).isEqualTo(0.04));
    }

    static double label(int i) {
        return Math.sin(i) > 0.2 ? 1 : 0;
    }

    private void rows(String name, int count, IntToDoubleFunction label) throws Exception {
        rows(name, count, label, i -> i);
    }

    /** Two rows to a message. */
    private void rows(String name, int count, IntToDoubleFunction label, IntToDoubleFunction number) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrap());
        try (Topics topics = new Topics(client)) {
            topics.ensure(List.of(TopicSpec.of(name + ".events", 1)));
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<String> message = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                double x = number.applyAsDouble(i);
                message.add("{\"x\": %s, \"y\": %s, \"label\": %s}"
                        .formatted(Math.sin(x), Math.cos(3 * x), label.applyAsDouble(i)));
                if (message.size() == 2 || i == count - 1) {
                    producer.send(new ProducerRecord<>(
                                    name + ".events", message.toString().getBytes(UTF_8)))
                            .get();
                    message.clear();
                }
            }
        }
    }

    private void train(String name, String topic, int rows, String... settings) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), yaml(name, topic, rows));
        List<String> arguments = new ArrayList<>(List.of("train", "-c", file.toString()));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        StringWriter err = new StringWriter();
        int exitCode =
                Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), arguments.toArray(String[]::new));
        assertThat(exitCode).as(err.toString()).isZero();
    }

    private TrainerTopics topics(String name) {
        return new TrainerTopics(broker.bootstrap(), name);
    }

    private Configuration configuration(String name, String topic, int rows, String... settings) {
        return ConfigurationLoader.parse("test.yaml", yaml(name, topic, rows), List.of(settings), Map.of());
    }

    private String yaml(String name, String topic, int rows) {
        return """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s], start: earliest, format: json}
                features:
                  - {column: x, type: numeric}
                  - {column: y, type: numeric}
                label: {column: label}
                model: {type: mlp, hidden: [16, 8], normalization: batch}
                loss: mse
                training:
                  microBatch: 4
                  accumulate: 2
                  flush: off
                  optimizer: {type: adam, learningRate: 0.01}
                publish:
                  weights: {every: 5 steps}
                checkpoint: {directory: "%s", every: 10 steps, keep: 100}
                http: {port: off}
                stop: {rows: %d}
                """.formatted(name, broker.bootstrap(), topic, directory.resolve(name), rows);
    }

    private Map<String, List<Float>> weights(String name) {
        PublishedModel model = requireNonNull(new WeightsReader(broker.bootstrap(), name + ".weights", Map.of())
                .newest()
                .block());
        Map<String, List<Float>> weights = new TreeMap<>();
        for (NamedTensor tensor : model.tensors().values()) {
            List<Float> values = new ArrayList<>();
            for (float value : tensor.floats()) {
                values.add(value);
            }
            weights.put(tensor.name(), values);
        }
        return weights;
    }

    private List<Poisoned> poisonedRows(String name) {
        return topics(name).journal().stream()
                .flatMap(record -> record.poisoned().stream())
                .toList();
    }

    /** Of every dead letter topic, partition, offset, row and reason. */
    private List<String> letters(String name) {
        return topics(name).read("dead").stream()
                .map(record -> String.join(
                        " ",
                        Stream.of("topic", "partition", "offset", "row", "reason")
                                .map(header -> new String(
                                        record.headers()
                                                .lastHeader("gradstream." + header)
                                                .value(),
                                        UTF_8))
                                .toList()))
                .map(text -> text.toLowerCase(Locale.ROOT))
                .toList();
    }
}
