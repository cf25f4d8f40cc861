package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.WeightsReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Damaged messages through the whole service: it trains on, ends well, and every row is learned from or buried, exactly once.
 *
 * <p>{@code ./gradstream test -pl load-tests -am -Dtest=HostileInputTest -Dsurefire.failIfNoSpecifiedTests=false} runs it;
 * {@code -Dsurefire.extra.flags="-Dgradstream.hostile.messages=2000000 -Dgradstream.hostile.seed=1"} makes it longer and different.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
    private static final int MESSAGES = Integer.getInteger("gradstream.hostile.messages", 210_000);
    private static final long SEED = Long.getLong("gradstream.hostile.seed", 20_261_122);
    private static final int PARTITIONS = 3;
    private static final int SOUND_ONES = 64;

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

    /** An encoding of rows, its share of the messages, and the reasons that damage must lead to. */
    record Format(String label, int share, Function<SampleRows, byte[]> message, Set<String> reasons) {
        @Override
        public String toString() {
            return label;
        }
    }

    @SuppressWarnings("UnusedVariable") // the parameterized test reads it by name
    private static final List<Format> FORMATS = List.of(
            new Format(
                    "arrow",
                    2,
                    SampleRows::arrow,
                    Set.of("corrupt", "empty", "missing-column", "too-large", "wrong-type")),
            new Format("json", 1, SampleRows::json, Set.of("corrupt", "empty", "missing-column", "wrong-type")));

    @ParameterizedTest
    @FieldSource("FORMATS")
    void learnsFromOrBuriesEveryRowOnce(Format format) throws Exception {
        int count = MESSAGES * format.share / 3;
        Messages messages = new Messages(format);
        send(format.label + ".events", messages, count);

        Service.Run run = new Service(folder, format.label, configuration(format)).train();
        assertThat(run.exitCode()).as("seed=%d said=%s", SEED, run.said()).isZero();

        Fates fates = Fates.read(broker.bootstrap(), format.label, letter -> {
            int message = (int) Fates.offsetOf(letter) * PARTITIONS
                    + Fates.partitionOf(letter).partition();
            String which = "seed=" + SEED + " message=" + message;
            assertThat(letter.value()).as(which).isEqualTo(messages.at(message));
            assertThat(messages.sound(message))
                    .as(which + " " + Fates.header(letter, "gradstream.error"))
                    .isFalse();
        });
        for (int partition = 0; partition < PARTITIONS; partition++) {
            fates.assertEachRowOnce(
                    new TopicPartition(format.label + ".events", partition),
                    0,
                    (count - partition + PARTITIONS - 1) / PARTITIONS,
                    Fates.ROWS_UNKNOWN);
        }
        System.out.println(format.label + ": seed=" + SEED + " messages=" + count + " steps=" + fates.steps()
                + " ranges=" + fates.ranges() + " letters=" + fates.reasons());
        assertThat(fates.letters()).isGreaterThan(count / 4);
        assertThat(fates.reasons()).containsKeys(format.reasons.toArray(String[]::new));
        assertThat(fates.steps()).isPositive();
        assertAllFinite(format.label + ".weights");
    }

    private void assertAllFinite(String topic) {
        PublishedModel model = new WeightsReader(broker.bootstrap(), topic, Map.of())
                .newest()
                .blockOptional()
                .orElseThrow();
        for (NamedTensor tensor : model.tensors().values()) {
            for (float value : tensor.floats()) {
                assertThat(value).as(tensor.name()).isFinite();
            }
        }
    }

    private String configuration(Format format) {
        return """
                name: %1$s
                kafka: {bootstrap: "%2$s"}
                source: {topics: [%1$s.events], format: %1$s, start: earliest, maxDecodedSize: 1MiB}
                %3$s
                model: {type: mlp, hidden: [8]}
                loss: binary-cross-entropy
                training:
                  microBatch: 256
                  optimizer: {type: adamw, learningRate: 0.001}
                  clip: {norm: 1.0}
                publish:
                  weights: {every: 20 steps}
                  metrics: {every: 20 steps}
                checkpoint: {directory: "%4$s", every: 500 steps}
                stop: {idle: 2s}
                http: {port: off}
                """.formatted(format.label, broker.bootstrap(), SampleRows.FEATURES, folder.resolve(format.label));
    }

    private void send(String topic, Messages messages, int count) throws Exception {
        try (Input input = new Input(broker.bootstrap()).topic(topic, PARTITIONS)) {
            for (int i = 0; i < count; i++) {
                input.send(topic, i % PARTITIONS, messages.at(i));
            }
        }
    }

    /** As many damaged messages as one likes, each by its number, with a sound one now and then. */
    private static final class Messages {
        private static final int SOUND_EVERY = 10;

        private final List<byte[]> sound;

        Messages(Format format) {
            SampleRows rows = new SampleRows(new SplittableRandom(SEED));
            sound = IntStream.range(0, SOUND_ONES)
                    .mapToObj(i -> format.message.apply(rows))
                    .toList();
        }

        boolean sound(int number) {
            return number % SOUND_EVERY == 0;
        }

        byte[] at(int number) {
            SplittableRandom random = new SplittableRandom(SEED * 31 + number);
            byte[] message = sound.get(random.nextInt(SOUND_ONES));
            if (sound(number)) {
                return message;
            }
            Damage[] kinds = Damage.values();
            return kinds[random.nextInt(kinds.length)].of(message, sound.get(random.nextInt(SOUND_ONES)), random);
        }
    }
}
