package io.gradstream.load.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.load.outside.Clicks.Click;
import io.gradstream.load.peer.PeerActivation;
import io.gradstream.load.peer.PeerBatch;
import io.gradstream.load.peer.PeerInput;
import io.gradstream.load.peer.PeerInputs;
import io.gradstream.load.peer.PeerLoss;
import io.gradstream.load.peer.PeerMlp;
import io.gradstream.load.peer.PeerModel;
import io.gradstream.load.peer.PeerOptimizer;
import io.gradstream.load.peer.PeerParameter;
import io.gradstream.load.peer.PeerPrecision;
import io.gradstream.load.peer.PeerRows;
import io.gradstream.load.peer.PeerTrainer;
import io.gradstream.load.twin.Agreement;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A stranger's check of the whole promise: a broker, a producer of Arrow messages, a warm start and a configuration go
 * in; weights that agree with libtorch on exactly the rows the journal names come out.
 */
class FromOutsideTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVENTS = "clicks.events";
    private static final int PARTITIONS = 3;
    private static final int MICRO_BATCH = 32;
    private static final int ACCUMULATE = 4;
    private static final int FULL_STEPS = 101;
    private static final int REST = 77;
    private static final int ROWS = FULL_STEPS * MICRO_BATCH * ACCUMULATE + REST;
    private static final double CLIP = 0.05;

    private static final int SITES = 37;
    private static final PeerModel MODEL = new PeerMlp(
            new PeerInputs(
                    List.of(new PeerInput.Dense(2), new PeerInput.Table("site", SITES, 3), new PeerInput.Dense(2))),
            List.of(16, 8),
            PeerActivation.RELU,
            1);

    @TempDir
    private static Path folder;

    private static String bootstrap;
    private static FrontDoor broker;
    private static SentClicks sent;
    private static SequencedMap<String, PlainSafetensors.Tensor> firstWeights;

    @SuppressWarnings("UnusedVariable") // the parameterized test reads it by name
    private static final List<Promise> PROMISES = List.of(
            new Promise(
                    "outside-momentum",
                    "{type: sgd, learningRate: 0.1, momentum: 0.9}",
                    0.1,
                    new PeerOptimizer.Sgd(0.9, 0, false, 0)),
            new Promise(
                    "outside-adam",
                    "{type: adam, learningRate: 0.01, weightDecay: 0.001}",
                    0.01,
                    new PeerOptimizer.AdamLike(0.9, 0.999, 1e-8, 0.001, false)),
            new Promise(
                    "outside-adamw",
                    "{type: adamw, learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.05}",
                    0.01,
                    new PeerOptimizer.AdamLike(0.8, 0.99, 1e-8, 0.05, true)));

    /** One optimizer of the promise, in the words of the configuration and in libtorch's. */
    record Promise(String model, String yaml, double learningRate, PeerOptimizer optimizer) {}

    @BeforeAll
    static void startBrokerAndSendClicks() throws Exception {
        broker = FrontDoor.start(
                folder,
                "broker",
                "broker",
                "--port",
                "0",
                "--data",
                folder.resolve("log").toString());
        bootstrap = broker.firstLine();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(EVENTS, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        sent = SentClicks.send(bootstrap, EVENTS, PARTITIONS, ROWS, 7);
        firstWeights = randomWeights(11);
        Files.write(folder.resolve("model.safetensors"), PlainSafetensors.write(firstWeights));
    }

    @AfterAll
    static void stopBroker() throws InterruptedException {
        assertThat(broker.terminate())
                .as("exit code of the broker: %s", broker.log())
                .isIn(0, 130);
        broker.close();
    }

    @ParameterizedTest
    @Needs(Tool.LIBTORCH)
    @FieldSource("PROMISES")
    void weightsAgreeWithLibtorchOnTheRowsOfTheJournal(Promise promise) throws Exception {
        Path configuration = Files.writeString(folder.resolve(promise.model() + ".yaml"), configuration(promise));

        try (FrontDoor trainer = FrontDoor.start(folder, promise.model(), "train", "-c", configuration.toString())) {
            assertThat(trainer.exitCode()).as("exit code: %s", trainer.log()).isZero();
        }

        List<JsonNode> journal = documents(promise.model() + ".journal");
        List<JsonNode> metrics = documents(promise.model() + ".metrics").stream()
                .filter(record -> !record.has("event"))
                .toList();
        PublishedWeights published = PublishedWeights.of(PlainTopic.read(bootstrap, promise.model() + ".weights"));
        assertThat(PlainTopic.read(bootstrap, promise.model() + ".dead")).isEmpty();

        journalNamesEveryRowOnce(journal);
        manifestStandsBehindTheLastRow(published.manifest(), promise);
        assertThat(published.manifests()).as("published versions").isGreaterThanOrEqualTo(4);
        agreesWithLibtorch(promise, PeerPrecision.FLOAT, journal, metrics, published);
        agreesWithLibtorch(promise, PeerPrecision.DOUBLE, journal, metrics, published);
    }

    private static void journalNamesEveryRowOnce(List<JsonNode> journal) {
        assertThat(journal).hasSize(FULL_STEPS + 1);
        Map<Integer, JsonNode> reached = new LinkedHashMap<>();
        int rows = 0;
        for (int i = 0; i < journal.size(); i++) {
            assertThat(journal.get(i).get("step").asInt()).isEqualTo(i + 1);
            int rowsOfStep = 0;
            for (JsonNode range : journal.get(i).get("ranges")) {
                JsonNode before = reached.put(range.get("partition").asInt(), range.get("to"));
                JsonNode start = before == null
                        ? JSON.createObjectNode().put("offset", 0).put("row", 0)
                        : before;
                assertThat(position(range.get("from")))
                        .as("step %s continues", i + 1)
                        .isEqualTo(position(start));
                rowsOfStep += sent.rows(range).size();
            }
            assertThat(rowsOfStep)
                    .as("rows of step %s", i + 1)
                    .isEqualTo(i < FULL_STEPS ? MICRO_BATCH * ACCUMULATE : REST);
            rows += rowsOfStep;
        }
        assertThat(rows).isEqualTo(sent.rows());
    }

    private static String position(JsonNode node) {
        return node.get("offset").asLong() + ":" + node.get("row").asInt();
    }

    private static void manifestStandsBehindTheLastRow(JsonNode manifest, Promise promise) {
        assertThat(manifest.get("model").asText()).isEqualTo(promise.model());
        assertThat(manifest.get("step").asInt()).isEqualTo(FULL_STEPS + 1);
        assertThat(manifest.get("rows").asInt()).isEqualTo(ROWS);
        JsonNode offsets = manifest.get("offsets").get(EVENTS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            JsonNode next = offsets.get(Integer.toString(partition));
            assertThat(next.get(0).asLong() + ":" + next.get(1).asInt())
                    .as("next row of partition %s", partition)
                    .isEqualTo(sent.end(partition) + ":0");
        }
    }

    private static void agreesWithLibtorch(
            Promise promise,
            PeerPrecision precision,
            List<JsonNode> journal,
            List<JsonNode> metrics,
            PublishedWeights published) {
        try (PeerTrainer peer = new PeerTrainer(
                MODEL, PeerLoss.BINARY_CROSS_ENTROPY, promise.optimizer, OptionalDouble.of(CLIP), precision)) {
            firstWeights.forEach((name, tensor) -> peer.setParameter(name, tensor.values()));
            for (int i = 0; i < journal.size(); i++) {
                PeerRows rows = rows(journal.get(i));
                double loss;
                try (PeerBatch batch = peer.batch(rows)) {
                    loss = peer.accumulate(batch, rows.totalWeight());
                }
                double norm = peer.step(promise.learningRate);
                JsonNode metric = metrics.get(i);
                assertThat(metric.get("step").asInt()).isEqualTo(i + 1);
                Agreement.of("loss of step " + (i + 1), metric.get("loss").asDouble(), loss)
                        .require();
                Agreement.of(
                                "gradient norm of step " + (i + 1),
                                metric.get("grad_norm").asDouble(),
                                norm)
                        .require();
                assertThat(metric.get("clipped").asBoolean()).isEqualTo(norm > CLIP);
            }
            assertThat(published.tensors()).containsOnlyKeys(firstWeights.keySet());
            published
                    .tensors()
                    .forEach((name, values) -> Agreement.of(name, values, peer.parameterValues(name))
                            .require());
        }
    }

    private static PeerRows rows(JsonNode step) {
        List<Click> clicks = new ArrayList<>();
        step.get("ranges").forEach(range -> clicks.addAll(sent.rows(range)));
        float[] dense = new float[clicks.size() * 4];
        long[] site = new long[clicks.size()];
        float[] label = new float[clicks.size()];
        float[] weight = new float[clicks.size()];
        for (int row = 0; row < clicks.size(); row++) {
            Click click = clicks.get(row);
            System.arraycopy(click.numbers(), 0, dense, row * 4, 4);
            site[row] = click.bucket(SITES);
            label[row] = click.clicked() ? 1 : 0;
            weight[row] = click.importance();
        }
        return new PeerRows(clicks.size(), dense, List.of(site), List.of(), label, Optional.of(weight));
    }

    private static List<JsonNode> documents(String topic) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : PlainTopic.read(bootstrap, topic)) {
            documents.add(JSON.readTree(new String(record.value(), StandardCharsets.UTF_8)));
        }
        documents.sort(Comparator.comparingInt(document -> document.path("step").asInt()));
        return documents;
    }

    private static SequencedMap<String, PlainSafetensors.Tensor> randomWeights(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SequencedMap<String, PlainSafetensors.Tensor> weights = new LinkedHashMap<>();
        for (PeerParameter parameter : MODEL.parameters()) {
            long[] shape = parameter.shape();
            float[] values = new float[(int) (shape[0] * (shape.length == 1 ? 1 : shape[1]))];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-0.5, 0.5);
            }
            weights.put(parameter.name(), new PlainSafetensors.Tensor(shape, values));
        }
        return weights;
    }

    private static String configuration(Promise promise) {
        return """
                name: %1$s
                kafka: {bootstrap: "%2$s"}
                source: {topics: [%3$s], format: arrow, start: earliest}
                features:
                  - {column: age, type: numeric, missing: -1}
                  - {column: score, type: numeric}
                  - {column: site, type: categorical, buckets: %9$d, dimension: 3}
                  - {column: ratio, type: numeric}
                  - {column: member, type: numeric}
                label: {column: clicked}
                weight: {column: importance}
                model:
                  type: mlp
                  hidden: [16, 8]
                  activation: relu
                  outputs: 1
                  warmStart: model.safetensors
                loss: binary-cross-entropy
                training:
                  device: cpu
                  microBatch: %4$d
                  accumulate: %5$d
                  flush: off
                  optimizer: %6$s
                  clip: {norm: %7$s}
                publish:
                  weights: {topic: %1$s.weights, every: 25 steps, mode: delta}
                  metrics: {topic: %1$s.metrics, every: 1 step}
                  deadLetter: {topic: %1$s.dead}
                checkpoint: {directory: checkpoints/%1$s, every: 1000 steps, keep: 1}
                stop: {rows: %8$d}
                http: {port: off}
                """.formatted(
                        promise.model(), bootstrap, EVENTS, MICRO_BATCH, ACCUMULATE, promise.yaml, CLIP, ROWS, SITES);
    }
}
