package io.gradstream.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.damage.ParsersUnderDamage;
import io.gradstream.connectors.damage.ParsersUnderDamage.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures, damaged as files and, behind a checksum that is right, as records. */
class DamagedCaptureTest {
    private static final int MUTANTS = Integer.getInteger("gradstream.mutants", 40_000);

    @Test
    void areRefusedOrRead(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events.capture");
        try (CaptureWriter writer = new CaptureWriter(file, Map.of("topic", "events"))) {
            writer.write(record());
            writer.write(record());
        }
        Outcome outcome =
                ParsersUnderDamage.survive("capture", Files.readAllBytes(file), MUTANTS, DamagedCaptureTest::readAll);
        assertThat(outcome.refused()).isGreaterThan(MUTANTS * 9 / 10);
    }

    @Test
    void areRefusedOrReadThoughTheirChecksumsAreRight(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events.capture");
        try (CaptureWriter writer = new CaptureWriter(file, Map.of("topic", "events"))) {
            writer.write(record());
        }
        byte[] whole = Files.readAllBytes(file);
        int about = Capture.FRAME_HEADER + length(whole, Capture.MAGIC.length);
        int begin = Capture.MAGIC.length + about + Capture.FRAME_HEADER;
        byte[] payload = Arrays.copyOfRange(whole, begin, begin + length(whole, begin - Capture.FRAME_HEADER));
        Outcome outcome = ParsersUnderDamage.survive(
                "record of a capture", payload, MUTANTS, damaged -> readAll(around(whole, begin, damaged)));
        assertThat(outcome.refused()).isPositive();
        assertThat(outcome.accepted()).as("names and values may be anything").isPositive();
    }

    private static CapturedRecord record() {
        return new CapturedRecord(
                "events",
                1,
                17,
                1_700_000_000_000L,
                "key".getBytes(UTF_8),
                new byte[100],
                List.of(
                        new CapturedRecord.Header("trace", "x".getBytes(UTF_8)),
                        new CapturedRecord.Header("none", null)));
    }

    private static void readAll(byte[] bytes) throws IOException {
        try (CaptureReader reader = new CaptureReader(new ByteArrayInputStream(bytes), "memory")) {
            while (reader.next() != null) {
                assertThat(reader.about()).isNotNull();
            }
        }
    }

    private static int length(byte[] file, int frame) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(frame);
    }

    /** The file with another payload in its first record, whose checksum is right. */
    private static byte[] around(byte[] whole, int begin, byte[] payload) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(whole, 0, begin - Capture.FRAME_HEADER);
        CRC32C checksum = new CRC32C();
        checksum.update(payload);
        file.write(ByteBuffer.allocate(Capture.FRAME_HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length)
                .putInt((int) checksum.getValue())
                .array());
        file.write(payload);
        int end = begin + length(whole, begin - Capture.FRAME_HEADER);
        file.write(whole, end, whole.length - end);
        return file.toByteArray();
    }
}
