package io.gradstream.load.bench;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Architecture.Linear;
import io.gradstream.autodiff.nn.Architecture.Mlp;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.pipeline.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The whole pipeline, {@code gradstream train} on real topics of an embedded broker, beside what its two halves can do
 * alone: a bare consumer that decodes and encodes, and the bare training step.
 *
 * <p>The pipeline's rate is read from outside, from the rows and times of the manifests it publishes; the first third is
 * left out as warm-up.
 */
final class PipelineRace implements AutoCloseable {
    private static final int PARTITIONS = 2;
    private static final int MESSAGES = 3000;
    private static final int ROWS_PER_MESSAGE = 1024;
    private static final int PASSES = 3;

    private final Device device;
    private final Path directory;
    private final EmbeddedBroker broker;

    PipelineRace(Device device) throws IOException {
        this.device = device;
        this.directory = Files.createTempDirectory("gradstream-bench");
        this.broker = EmbeddedBroker.builder().start();
    }

    PipelineShare run(Network network) throws Exception {
        String name = "bench" + Integer.toHexString(network.title().hashCode());
        BenchTopic topic = new BenchTopic(broker.bootstrap(), name + ".events", PARTITIONS, MESSAGES, ROWS_PER_MESSAGE);
        topic.fill(configuration(network, topic, name));

        PollAndDecode pollAndDecode = new PollAndDecode(configuration(network, topic, name), topic);
        pollAndDecode.rowsPerSecond();
        train(network, topic, name + ".warmup");

        double[] polled = new double[PASSES];
        double[] trained = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            polled[pass] = pollAndDecode.rowsPerSecond();
            trained[pass] = train(network, topic, name + "." + pass);
        }
        return new PipelineShare(network.title(), Race.median(polled), stepRate(network), Race.median(trained));
    }

    private double stepRate(Network network) {
        try (Contestant step = new OurContestant(network, Precision.FP32, device)) {
            return new StepTimes(network, Race.ofUsualLength().run(List.of(step))).rowsPerSecond(step.name());
        }
    }

    private double train(Network network, BenchTopic topic, String name) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), yaml(network, topic, name));
        StringWriter said = new StringWriter();
        int exitCode = Main.run(new PrintWriter(said), new PrintWriter(said), "train", "-c", file.toString());
        if (exitCode != 0) {
            throw new IllegalStateException("the pipeline failed: exitCode=" + exitCode + " said=" + said);
        }
        List<Manifest> manifests = manifests(name + ".weights");
        Manifest from = manifests.get(manifests.size() / 3);
        Manifest to = manifests.getLast();
        return (to.rows() - from.rows())
                / (Duration.between(from.time(), to.time()).toNanos() / 1e9);
    }

    private List<Manifest> manifests(String topic) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Manifest> manifests = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> published : consumer.poll(Duration.ofMillis(100))) {
                    if (new String(published.key(), StandardCharsets.UTF_8).equals(Manifest.KEY)) {
                        manifests.add(Manifest.parse(published.value()));
                    }
                }
            }
            return manifests;
        }
    }

    private static Configuration configuration(Network network, BenchTopic topic, String name) {
        return ConfigurationLoader.parse(name, yaml(network, topic, name), List.of(), Map.of());
    }

    /** The network in the words of a configuration; journal, metrics and weights go out as they would in earnest. */
    private static String yaml(Network network, BenchTopic topic, String name) {
        String features = network.model().numerics().stream()
                .map(numeric -> "  - {column: " + numeric.name() + ", type: numeric}")
                .collect(Collectors.joining("\n"));
        return """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s], format: arrow, start: earliest}
                features:
                %s
                label: {column: clicked}
                model: %s
                loss: binary-cross-entropy
                training:
                  device: cpu
                  microBatch: %d
                  optimizer: {type: adamw, learningRate: 0.001, weightDecay: 0.01}
                  clip: {norm: 1.0}
                publish:
                  weights: {every: 100 steps}
                  metrics: {every: 10 steps}
                checkpoint: {every: 100000 steps}
                stop: {rows: %d}
                http: {port: off}
                """.formatted(
                        name, topic.bootstrap(), topic.name(), features, model(network), network.batch(), topic.rows());
    }

    private static String model(Network network) {
        return switch (network.model().architecture()) {
            case Linear linear -> "{type: linear}";
            case Mlp mlp ->
                "{type: mlp, hidden: " + mlp.hidden() + ", activation: "
                        + mlp.activation().name().toLowerCase(Locale.ROOT) + "}";
            case Architecture other ->
                throw new IllegalArgumentException("networks of races are linear or mlp: architecture=" + other);
        };
    }

    @Override
    public void close() {
        broker.close();
    }
}
