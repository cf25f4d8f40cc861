package io.gradstream.pipeline.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.WeightsReader;
import io.gradstream.pipeline.Pipeline;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.http.Wire.Reply;
import io.gradstream.pipeline.operation.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer on a real broker, seen and controlled through its own server only. */
class ControlledTrainingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern METER = Pattern.compile("`(gradstream_\\w+)");
    private static final String NAME = "controlled";

    @SuppressWarnings("NullAway.Init") // set when the test begins, as the one below
    private TrainerServer server;

    @SuppressWarnings("NullAway.Init")
    private KafkaProducer<byte[], byte[]> producer;

    @Test
    void doesWhatItIsAskedToAndSaysWhatItDoes(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .directory(directory.resolve("kafka"))
                        .start();
                KafkaProducer<byte[], byte[]> rows = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                Operation operation = new Operation(
                        ConfigurationLoader.parse("test.yaml", yaml(broker, directory), List.of(), Map.of()));
                TrainerServer listening = requireNonNull(TrainerServer.start(operation))) {
            server = listening;
            producer = rows;
            assertThat(Wire.ask(server.port(), "GET", "/health/live").status()).isEqualTo(200);
            assertThat(Wire.ask(server.port(), "GET", "/health/ready").status()).isEqualTo(503);
            assertThat(control("pause").status()).isEqualTo(409);

            try (Pipeline pipeline = new Pipeline(operation, figures -> {})) {
                Thread training = Thread.ofPlatform().start(pipeline::run);
                while (Wire.ask(server.port(), "GET", "/health/ready").status() != 200) {
                    Thread.sleep(20);
                }
                learn(100);
                publishesWhenAsked(broker);
                keepsWhenAsked(directory);
                pausesAndGoesOn();
                goesBackWhenAsked();
                documentsItsMeters();
                pipeline.stop();
                training.join();
            }
            assertThat(status().get("state").textValue()).isEqualTo("ended");
            assertThat(control("publish").status()).isEqualTo(409);
        }
    }

    private void publishesWhenAsked(EmbeddedBroker broker) throws Exception {
        Reply reply = control("publish");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        long version = JSON.readTree(reply.body()).get("version").longValue();
        assertThat(new WeightsReader(broker.bootstrap(), NAME + ".weights", Map.of())
                        .versions()
                        .blockFirst())
                .extracting(model -> model.manifest().version())
                .isEqualTo(version);
        assertThat(status().get("version").longValue()).isEqualTo(version);
    }

    private void keepsWhenAsked(Path directory) throws Exception {
        Reply reply = control("checkpoint");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        long step = JSON.readTree(reply.body()).get("step").longValue();
        assertThat(new Checkpoints(directory.resolve("state"), 3).newest())
                .map(TrainerState::step)
                .contains(step);
        assertThat(status().at("/checkpoint/step").longValue()).isEqualTo(step);
    }

    private void pausesAndGoesOn() throws Exception {
        assertThat(control("pause").status()).isEqualTo(200);
        assertThat(control("pause").status()).isEqualTo(409);
        JsonNode before = status();
        assertThat(before.get("state").textValue()).isEqualTo("paused");
        assertThat(Wire.ask(server.port(), "GET", "/health/ready").body()).contains("paused");
        send(100);
        while (status().at("/partitions/" + NAME + ".events/0/end").longValue() < 200) {
            Thread.sleep(20);
        }
        assertThat(status().get("rows")).isEqualTo(before.get("rows"));
        assertThat(status().get("partitions")).as("it stays in the group").isNotEmpty();
        assertThat(control("resume").status()).isEqualTo(200);
        awaitRows(200);
    }

    private void goesBackWhenAsked() throws Exception {
        Reply reply = control("rollback");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        long version = JSON.readTree(reply.body()).get("version").longValue();
        assertThat(status().get("version").longValue()).isEqualTo(version);
        assertThat(Wire.ask(server.port(), "GET", "/api/recent").body()).contains("\"event\":\"rollback\"");
        learn(10);
    }

    /** Whatever docs/operations.md promises is there, under that name. */
    private void documentsItsMeters() throws Exception {
        String metrics = Wire.ask(server.port(), "GET", "/metrics").body();
        List<String> promised = METER.matcher(Files.readString(Path.of("../docs/operations.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(promised)
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(metrics).containsPattern("\n" + name + "[{ ]"));
        String grafana = Files.readString(Path.of("../docker/compose/grafana/dashboards/training.json"));
        assertThat(Pattern.compile("gradstream_\\w+").matcher(grafana).results().toList())
                .isNotEmpty()
                .allSatisfy(found -> assertThat(metrics).containsPattern("\n" + found.group() + "[{ ]"));
    }

    private void learn(int count) throws Exception {
        long before = status().get("rows").longValue();
        send(count);
        awaitRows(before + count);
    }

    private void awaitRows(long rows) throws Exception {
        while (status().get("rows").longValue() < rows) {
            Thread.sleep(20);
        }
    }

    private void send(int count) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String row = "{\"x\": " + i % 7 + ", \"clicked\": " + (i % 7 > 3 ? 1 : 0) + "}";
            sent.add(producer.send(new ProducerRecord<>(NAME + ".events", row.getBytes(UTF_8))));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private JsonNode status() throws Exception {
        return JSON.readTree(Wire.ask(server.port(), "GET", "/api/status").body());
    }

    private Reply control(String request) throws Exception {
        return Wire.ask(server.port(), "POST", "/api/control/" + request, "Authorization: Bearer " + Operations.TOKEN);
    }

    private static String yaml(EmbeddedBroker broker, Path directory) {
        return """
                name: %s
                kafka: {bootstrap: "%s"}
                source: {topics: [%s.events], format: json, start: earliest}
                features: [{column: x, type: numeric}]
                label: {column: clicked}
                model: {type: linear}
                loss: binary-cross-entropy
                training: {microBatch: 10, device: cpu, flush: 50ms}
                publish: {weights: {every: 100000 steps}}
                checkpoint: {directory: %s, every: 100000 steps}
                http: {port: 0, token: %s}
                """.formatted(NAME, broker.bootstrap(), NAME, directory.resolve("state"), Operations.TOKEN);
    }
}
