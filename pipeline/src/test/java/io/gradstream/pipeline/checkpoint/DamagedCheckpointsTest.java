package io.gradstream.pipeline.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Two checkpoints, of which the newer one is damaged: what is read is the newer one as it was written, or the older one, and never
 * anything else. {@code -Dgradstream.mutants=N} says how often.
 */
class DamagedCheckpointsTest {
    private static final int MUTANTS = Integer.getInteger("gradstream.mutants", 3_000);
    private static final List<byte[]> WORDS = List.of(
            "-1".getBytes(UTF_8),
            "9".getBytes(UTF_8),
            "9223372036854775808".getBytes(UTF_8),
            "null".getBytes(UTF_8),
            "[]".getBytes(UTF_8),
            "{}".getBytes(UTF_8),
            "1.5".getBytes(UTF_8),
            "../../etc/passwd".getBytes(UTF_8),
            "\\u0000".getBytes(UTF_8));

    private final Logger log = (Logger) LoggerFactory.getLogger(Checkpoints.class);

    @TempDir
    private Path directory;

    private Checkpoints checkpoints;

    @BeforeEach
    void writeTwo() {
        log.setLevel(Level.ERROR);
        checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(1));
        checkpoints.write(state(2));
    }

    @AfterEach
    void hearAgain() {
        log.setLevel(null);
    }

    @Test
    void areReadAsWrittenOrPassedOverWhenTheirManifestIsDamaged() throws IOException {
        survive(directory.resolve("000000000002.json"), MUTANTS);
    }

    @Test
    void areReadAsWrittenOrPassedOverWhenTheirTensorsAreDamaged() throws IOException {
        survive(directory.resolve("000000000002.safetensors"), MUTANTS);
    }

    private void survive(Path file, int times) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int passedOver = 0;
        for (int seed = 0; seed < times; seed++) {
            Files.write(file, damaged(whole, new Random(seed)));
            Optional<TrainerState> newest;
            try {
                newest = checkpoints.newest();
            } catch (RuntimeException e) {
                throw new AssertionError("a damaged checkpoint must be passed over: seed=" + seed, e);
            }
            if (newest.equals(Optional.of(state(1)))) {
                passedOver++;
            } else if (!newest.equals(Optional.of(state(2)))) {
                throw new AssertionError("no other state may come of damage: seed=" + seed + " state=" + newest);
            }
        }
        assertThat(passedOver).isGreaterThan(times / 2);
        Files.write(file, whole);
        assertThat(checkpoints.newest()).contains(state(2));
    }

    private static byte[] damaged(byte[] whole, Random random) {
        int at = random.nextInt(whole.length);
        byte[] bytes = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) ('0' + random.nextInt(10));
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                byte[] word = WORDS.get(random.nextInt(WORDS.size()));
                int until = Math.min(whole.length, at + random.nextInt(12));
                return ByteBuffer.allocate(at + word.length + whole.length - until)
                        .put(whole, 0, at)
                        .put(word)
                        .put(whole, until, whole.length - until)
                        .array();
            }
        }
        return bytes;
    }

    private static TrainerState state(long step) {
        List<NamedTensor> tensors = List.of(NamedTensor.of("w", new float[] {step, 2, 3}, 3));
        return new TrainerState(
                "clicks",
                step,
                step,
                100 * step,
                Map.of(new TopicPartition("events", 0), new Position(7 * step, 3)),
                new TopicIds(Map.of("events", "WlHYfJdBR0mXG8Vb3cJ7mA")),
                5,
                "name: clicks",
                tensors,
                tensors,
                tensors,
                tensors,
                tensors);
    }
}
