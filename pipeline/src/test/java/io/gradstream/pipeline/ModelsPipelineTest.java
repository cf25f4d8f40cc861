package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.WeightsReader;
import io.gradstream.pipeline.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models beyond the plain ones on their whole way: a sequence model, a custom one from a jar, and one without labels. */
class ModelsPipelineTest {
    private static final int ROWS = 1024;

    @Test
    void trainsASequenceModelACustomOneAndOneWithoutLabels(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().directory(folder.resolve("kafka")).start()) {
            SplittableRandom random = new SplittableRandom(3);
            send(
                    broker,
                    "clicks.events",
                    () -> "{\"history\": [%s], \"price\": %.3f, \"clicked\": %d}"
                            .formatted(history(random), random.nextDouble(), random.nextInt(2)));
            send(
                    broker,
                    "towers.events",
                    () -> "{\"viewer\": \"v%d\", \"country\": \"c%d\", \"price\": %.3f, \"age\": %d, \"clicked\": %d}"
                            .formatted(
                                    random.nextInt(50),
                                    random.nextInt(5),
                                    random.nextDouble(),
                                    random.nextInt(90),
                                    random.nextInt(2)));

            assertThat(train(broker, folder, "clicks", """
                            name: clicks
                            source: {topics: [clicks.events], format: json, start: earliest}
                            features:
                              - {column: history, type: sequence, buckets: 50, dimension: 8, length: 5}
                              - {column: price, type: numeric}
                            label: {column: clicked}
                            model: {type: transformer, layers: 1, heads: 2, feedForward: 16, dropout: 0.1, hidden: [8]}
                            loss: binary-cross-entropy
                            training: {microBatch: 64}
                            """))
                    .contains("transformer.history.0.self_attn.in_proj.weight", "embedding.history.weight");
            assertThat(train(
                            broker,
                            folder,
                            "towers",
                            ExampleModel.configuration(List.of()),
                            "model.jar=" + ExampleModel.jar(folder)))
                    .contains("viewer.output.weight", "embedding.country.weight");
            assertThat(train(broker, folder, "anomalies", """
                            name: anomalies
                            source: {topics: [towers.events], format: json, start: earliest}
                            features:
                              - {column: price, type: numeric}
                              - {column: age, type: numeric, scale: standardize}
                              - {column: country, type: categorical, buckets: 50, dimension: 4}
                            model: {type: autoencoder, hidden: [4, 2]}
                            loss: reconstruction
                            training: {microBatch: 64}
                            """)).contains("encoder.1.weight", "decoder.1.weight");
        }
    }

    /** A base is trained, exported, and adapted to other rows by adapters beside it. */
    @Test
    void adaptsAWarmStartAndLeavesItsBaseAsItIs(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().directory(folder.resolve("kafka")).start()) {
            SplittableRandom random = new SplittableRandom(5);
            for (String events : List.of("base.events", "other.events")) {
                boolean turned = events.startsWith("other");
                send(broker, events, () -> {
                    double price = random.nextDouble(-1, 1);
                    return "{\"price\": %.3f, \"site\": \"s%d\", \"clicked\": %d}"
                            .formatted(price, random.nextInt(5), price > 0 == turned ? 1 : 0);
                });
            }
            Path weights = folder.resolve("base.safetensors");
            String model = "{type: mlp, hidden: [8]";

            PublishedModel base = published(broker, folder, "base", twoColumns("base", model + "}"));
            run("export", "--bootstrap", broker.bootstrap(), "--from", "base.weights", "-o", weights.toString());
            PublishedModel adapted = published(
                    broker,
                    folder,
                    "other",
                    twoColumns("other", model + ", warmStart: \"" + weights + "\", lowRank: {rank: 2, alpha: 4}}"));

            base.tensors()
                    .forEach((name, tensor) -> assertThat(
                                    requireNonNull(adapted.tensors().get(name)).floats())
                            .as(name)
                            .isEqualTo(tensor.floats()));
            assertThat(adapted.tensors().keySet())
                    .containsAll(base.tensors().keySet())
                    .contains("mlp.0.lora.a", "mlp.0.lora.b", "mlp.1.lora.a", "mlp.1.lora.b");
            assertThat(requireNonNull(adapted.tensors().get("mlp.1.lora.b")).floats())
                    .doesNotContain(0);
        }
    }

    private static String twoColumns(String name, String model) {
        return """
                name: %1$s
                source: {topics: [%1$s.events], format: json, start: earliest}
                features:
                  - {column: price, type: numeric}
                  - {column: site, type: categorical, buckets: 50, dimension: 4}
                label: {column: clicked}
                model: %2$s
                loss: binary-cross-entropy
                training: {microBatch: 64}
                """.formatted(name, model);
    }

    /** The names of the tensors of the version that a run leaves behind. */
    private static Iterable<String> train(
            EmbeddedBroker broker, Path folder, String name, String configuration, String... set) throws Exception {
        return published(broker, folder, name, configuration, set).tensors().keySet();
    }

    /** The version that a run leaves behind. */
    private static PublishedModel published(
            EmbeddedBroker broker, Path folder, String name, String configuration, String... set) throws Exception {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, configuration + """
                kafka: {bootstrap: "%s"}
                checkpoint: {directory: "%s"}
                stop: {rows: %d}
                http: {port: off}
                """.formatted(broker.bootstrap(), folder.resolve(name), ROWS));
        List<String> arguments = new java.util.ArrayList<>(List.of("train", "-c", file.toString()));
        for (String each : set) {
            arguments.addAll(List.of("--set", each));
        }
        run(arguments.toArray(String[]::new));
        PublishedModel published = requireNonNull(new WeightsReader(broker.bootstrap(), name + ".weights", Map.of())
                .newest()
                .block());
        assertThat(published.manifest().rows()).isEqualTo(ROWS);
        published.tensors().values().forEach(tensor -> {
            for (float value : tensor.floats()) {
                assertThat(value).as(tensor.name()).isFinite();
            }
        });
        return published;
    }

    private static void run(String... arguments) {
        StringWriter err = new StringWriter();
        int exit = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), arguments);
        assertThat(exit).as(err.toString()).isZero();
    }

    private static String history(SplittableRandom random) {
        return String.join(
                ", ",
                random.ints(random.nextInt(9), 0, 40)
                        .mapToObj(item -> "\"i" + item + "\"")
                        .toList());
    }

    private static void send(EmbeddedBroker broker, String topic, java.util.function.Supplier<String> row) {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrap());
        try (Topics topics = new Topics(Map.of("bootstrap.servers", broker.bootstrap()));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            topics.ensure(List.of(TopicSpec.of(topic, 1)));
            for (int i = 0; i < ROWS; i++) {
                Future<RecordMetadata> _ =
                        producer.send(new ProducerRecord<>(topic, row.get().getBytes(UTF_8)));
            }
        }
    }
}
