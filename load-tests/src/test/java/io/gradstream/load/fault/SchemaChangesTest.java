package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.WeightsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose messages change their schema as they like, and rows that nobody can learn from, through the whole service. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaChangesTest {
    private static final int MESSAGES = 120;
    private static final int ROWS = 50;
    private static final ArrowType SINGLE = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

    private EmbeddedBroker broker;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        broker = EmbeddedBroker.builder().start();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void learnsTheSameBitsWhateverTheEncoding() throws Exception {
        List<List<Purchase>> messages = messages();
        List<Encoding> encodings = encodings();
        Manifest plain = train("plain", messages.stream().map(each -> Encoding.USUAL.message(each, ROWS)));
        SplittableRandom random = new SplittableRandom(5);
        Manifest changing = train(
                "changing",
                messages.stream()
                        .map(each -> encodings
                                .get(random.nextInt(encodings.size()))
                                .message(each, 1 + random.nextInt(ROWS))));

        assertThat(Fates.read(broker.bootstrap(), "changing").letters()).isZero();
        assertThat(changing.rows()).isEqualTo((long) MESSAGES * ROWS);
        assertThat(changing.slices()).extracting(Manifest.Slice::sha256).isEqualTo(hashes(plain));
    }

    @Test
    void buriesExactlyTheRowsAndRecordsThatCannotBeLearnedFrom() throws Exception {
        List<List<Purchase>> sound = messages();
        Encoding floats =
                new Encoding(Encoding.columns(DOUBLE, new ArrowType.Utf8(), new ArrowType.List(), DOUBLE, DOUBLE));
        Map<String, String> expected = new LinkedHashMap<>();
        List<byte[]> stream = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            switch (i % 12) {
                case 3 -> {
                    stream.add(renamed("clicked").message(sound.get(i), ROWS));
                    expected.put(stream.size() - 1 + ":", "missing-column");
                }
                case 5 -> {
                    stream.add(renamed("age").message(sound.get(i), ROWS));
                    expected.put(stream.size() - 1 + ":", "missing-column");
                }
                case 7 -> {
                    stream.add(texts("amount").message(sound.get(i), ROWS));
                    expected.put(stream.size() - 1 + ":", "wrong-type");
                }
                default -> {}
            }
            List<Purchase> mixed = new ArrayList<>();
            for (Purchase good : sound.get(i)) {
                Purchase bad = switch (mixed.size() % 16) {
                    case 1 -> good.withClicked(2);
                    case 2 -> good.withClicked(-1);
                    case 3 -> good.withClicked(Double.NaN);
                    case 4 -> good.withClicked(null);
                    case 5 -> good.withAmount(Double.POSITIVE_INFINITY);
                    case 6 -> good.withAmount(1e300);
                    case 7 -> good.withAge(Double.NaN);
                    case 8 -> good.withImportance(-1);
                    case 9 -> good.withImportance(Double.NaN);
                    case 10 -> good.withImportance(null);
                    case 11 -> good.withImportance(Double.POSITIVE_INFINITY);
                    default -> good;
                };
                if (!bad.equals(good)) {
                    expected.put(stream.size() + ":" + mixed.size(), reason(mixed.size() % 16));
                    mixed.add(bad);
                }
                mixed.add(good);
            }
            stream.add(floats.message(mixed, ROWS));
        }
        Manifest clean = train("clean", sound.stream().map(each -> floats.message(each, ROWS)));
        Manifest dirty = train("dirty", stream.stream());

        Map<String, String> buried = new LinkedHashMap<>();
        Fates fates = Fates.read(broker.bootstrap(), "dirty", letter -> {
            String reason = Fates.header(letter, "gradstream.reason");
            boolean row = letter.headers().lastHeader("gradstream.row") != null;
            String place = Fates.offsetOf(letter) + ":" + (row ? Fates.header(letter, "gradstream.row") : "");
            assertThat(buried.put(place, reason)).as(place).isNull();
        });
        fates.assertEachRowOnce(new TopicPartition("dirty.events", 0), 0, stream.size(), Fates.ROWS_UNKNOWN);
        assertThat(buried).isEqualTo(expected);
        assertThat(dirty.rows()).isEqualTo(clean.rows());
        assertThat(hashes(dirty)).isEqualTo(hashes(clean));
    }

    private static String reason(int kind) {
        if (kind == 4) {
            return "missing-label";
        }
        return kind < 4 ? "bad-label" : kind < 8 ? "not-finite" : "bad-weight";
    }

    private static List<List<Purchase>> messages() {
        SplittableRandom random = new SplittableRandom(11);
        return Stream.generate(() -> Purchase.random(random, ROWS))
                .limit(MESSAGES)
                .toList();
    }

    /** All types that carry these values, columns nobody wants among them, in any order. */
    private static List<Encoding> encodings() {
        List<Encoding> encodings = new ArrayList<>();
        List<ArrowType> numbers = new ArrayList<>(List.of(SINGLE, DOUBLE));
        for (int bits : new int[] {8, 16, 32, 64}) {
            numbers.add(new ArrowType.Int(bits, true));
            numbers.add(new ArrowType.Int(bits, false));
        }
        List<ArrowType> sites = List.of(
                new ArrowType.Utf8(),
                new ArrowType.LargeUtf8(),
                new ArrowType.Binary(),
                new ArrowType.Utf8View(),
                new ArrowType.Int(8, true),
                new ArrowType.Int(16, true),
                new ArrowType.Int(32, true));
        List<ArrowType> lists =
                List.of(new ArrowType.List(), new ArrowType.LargeList(), new ArrowType.FixedSizeList(2));
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60; i++) {
            SequencedMap<String, ArrowType> columns = Encoding.columns(
                    numbers.get(i % numbers.size()),
                    sites.get(i % sites.size()),
                    lists.get(i % lists.size()),
                    i % 2 == 0 ? SINGLE : DOUBLE,
                    i % 3 == 0 ? new ArrowType.Bool() : numbers.get(random.nextInt(numbers.size())));
            if (i % 4 == 0) {
                columns.put("added", new ArrowType.Utf8());
            }
            encodings.add(new Encoding(shuffled(columns, random)));
        }
        return encodings;
    }

    private static Encoding renamed(String column) {
        SequencedMap<String, ArrowType> columns = new LinkedHashMap<>(Encoding.USUAL.columns());
        columns.put(column + "2", new ArrowType.Int(32, true));
        columns.remove(column);
        return new Encoding(columns);
    }

    private static Encoding texts(String column) {
        SequencedMap<String, ArrowType> columns = new LinkedHashMap<>(Encoding.USUAL.columns());
        columns.put(column, new ArrowType.Utf8());
        return new Encoding(columns);
    }

    private static SequencedMap<String, ArrowType> shuffled(
            SequencedMap<String, ArrowType> columns, SplittableRandom random) {
        List<String> names = new ArrayList<>(columns.keySet());
        Collections.shuffle(names, Random.from(random));
        SequencedMap<String, ArrowType> shuffled = new LinkedHashMap<>();
        names.forEach(name -> shuffled.put(name, columns.get(name)));
        return shuffled;
    }

    private static List<String> hashes(Manifest manifest) {
        return manifest.slices().stream().map(Manifest.Slice::sha256).toList();
    }

    private Manifest train(String name, Stream<byte[]> messages) throws Exception {
        try (Input input = new Input(broker.bootstrap()).topic(name + ".events", 1)) {
            messages.forEach(message -> input.send(name + ".events", 0, message));
        }
        Service.Run run = new Service(folder, name, """
                name: %1$s
                kafka: {bootstrap: "%2$s"}
                source: {topics: [%1$s.events], start: earliest}
                %3$s
                model: {type: mlp, hidden: [8]}
                loss: binary-cross-entropy
                training:
                  seed: 3
                  microBatch: 64
                  flush: off
                  optimizer: {type: adamw, learningRate: 0.01}
                checkpoint: {directory: "%4$s"}
                stop: {rows: %5$d}
                http: {port: off}
                """.formatted(
                                name, broker.bootstrap(), Purchase.COLUMNS, folder.resolve(name), MESSAGES * ROWS))
                .train();
        assertThat(run.exitCode()).as(run.said()).isZero();
        return new WeightsReader(broker.bootstrap(), name + ".weights", Map.of())
                .newest()
                .blockOptional()
                .orElseThrow()
                .manifest();
    }
}
