package io.gradstream.connectors.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.damage.ParsersUnderDamage.Outcome;
import io.gradstream.connectors.damage.ParsersUnderDamage.Parser;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Again;
import io.gradstream.connectors.topic.JournalRecord.Poisoned;
import io.gradstream.connectors.topic.JournalRecord.PublishedVersion;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.Safetensors;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.connectors.topic.WeightSlices;
import io.gradstream.connectors.topic.WeightVersions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that is read from topics and files of models, damaged; {@code -Dgradstream.mutants=N} damages each N times. Damage that
 * breaks a parser is named by its seed.
 */
class DamagedDocumentsTest {
    private static final int MUTANTS = Integer.getInteger("gradstream.mutants", 40_000);

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void areRefusedOrRead(String what, byte[] document, Parser parser) throws Exception {
        Outcome outcome = ParsersUnderDamage.survive(what, document, MUTANTS, parser);
        assertThat(outcome.refused()).isPositive();
        assertThat(outcome.accepted() + outcome.refused()).isEqualTo(MUTANTS);
    }

    static Stream<Arguments> documents() {
        return Stream.of(
                document("safetensors", safetensors(), Safetensors::decode),
                document("manifest", manifest(), Manifest::parse),
                document("journal record", journal(), JournalRecord::parse),
                document("step metrics", metrics(), MetricRecord::parse),
                document("event", event(), MetricRecord::parse));
    }

    private static Arguments document(String what, byte[] document, Parser parser) {
        return Arguments.of(what, document, parser);
    }

    private static List<NamedTensor> tensors() {
        return List.of(
                NamedTensor.of("mlp.0.weight", new float[24], 4, 6),
                NamedTensor.of("mlp.0.bias", new float[4], 4),
                NamedTensor.of("moments", new double[3], 3),
                NamedTensor.of("scalar", new float[1]));
    }

    private static byte[] safetensors() {
        return Safetensors.encode(tensors(), Map.of("model", "clicks"));
    }

    private static byte[] manifest() {
        return new WeightVersions("clicks", new WeightSlices(64))
                .draft(
                        3,
                        30,
                        tensors(),
                        WeightVersions.Mode.FULL,
                        Map.of("events", Map.of(0, new Position(17, 3), 1, new Position(4, 0))),
                        new TopicIds(Map.of("events", "WlHYfJdBR0mXG8Vb3cJ7mA")),
                        3000,
                        Instant.EPOCH)
                .manifest()
                .toJson();
    }

    private static byte[] journal() {
        return new JournalRecord(
                        3,
                        30,
                        new TopicIds(Map.of("events", "WlHYfJdBR0mXG8Vb3cJ7mA")),
                        List.of(new Range("events", 0, new Position(5, 100), new Position(7, 0))),
                        List.of(new Poisoned("events", 0, 6, 3, 12)),
                        OptionalLong.of(20),
                        Optional.of(new Again(12, 0.1)),
                        Optional.of(new PublishedVersion(4, "ab".repeat(32))))
                .toJson();
    }

    private static byte[] metrics() {
        return new StepMetrics(
                        30,
                        3,
                        Instant.EPOCH,
                        3000,
                        0.5,
                        0.01,
                        2,
                        1,
                        true,
                        65_536,
                        false,
                        1,
                        Map.of("loss", 0.5, "auc", 0.8),
                        Map.of("mlp.0.weight", Map.of("grad_norm", 1.5)),
                        Map.of("spike", 0.1),
                        3,
                        1000)
                .toJson();
    }

    private static byte[] event() {
        return new MetricEvent("drift", 30, 3, Instant.EPOCH, Map.of("detector", "adwin", "mean", 0.5, "count", 3))
                .toJson();
    }
}
