package io.gradstream.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.topic.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    @TempDir
    Path directory;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = write(
                new CapturedRecord("events", 1, 7, 1_000, new byte[] {1}, new byte[100_000], List.of()),
                new CapturedRecord(
                        "events",
                        0,
                        Long.MAX_VALUE,
                        -1,
                        null,
                        null,
                        List.of(
                                new CapturedRecord.Header("trace", new byte[] {5}),
                                new CapturedRecord.Header("trace", null))));
        try (CaptureReader reader = new CaptureReader(file)) {
            List<CapturedRecord> records = readAll(reader);

            assertThat(reader.about()).containsExactly(Map.entry("topic", "events"));
            assertThat(records)
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(
                            new CapturedRecord("events", 1, 7, 1_000, new byte[] {1}, new byte[100_000], List.of()),
                            new CapturedRecord(
                                    "events",
                                    0,
                                    Long.MAX_VALUE,
                                    -1,
                                    null,
                                    null,
                                    List.of(
                                            new CapturedRecord.Header("trace", new byte[] {5}),
                                            new CapturedRecord.Header("trace", null))));
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void noticesEveryChangedByteAndEveryMissingEnd() throws IOException {
        byte[] sound = Files.readAllBytes(
                write(new CapturedRecord("events", 1, 7, 1_000, new byte[] {1}, new byte[] {2, 3}, List.of())));
        for (int i = 0; i < sound.length; i++) {
            byte[] changed = sound.clone();
            changed[i] ^= 0x10;
            assertRefused(changed);
            assertRefused(Arrays.copyOf(sound, i));
        }
        assertRefused(Arrays.copyOf(sound, sound.length + 1));
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), bytes);
        assertThatThrownBy(() -> {
                    try (CaptureReader reader = new CaptureReader(file)) {
                        readAll(reader);
                    }
                })
                .isInstanceOf(MalformedException.class);
    }

    private Path write(CapturedRecord... records) throws IOException {
        Path file = directory.resolve("capture");
        try (CaptureWriter writer = new CaptureWriter(file, Map.of("topic", "events"))) {
            for (CapturedRecord record : records) {
                writer.write(record);
            }
            assertThat(writer.records()).isEqualTo(records.length);
        }
        return file;
    }

    private static List<CapturedRecord> readAll(CaptureReader reader) throws IOException {
        List<CapturedRecord> records = new ArrayList<>();
        for (CapturedRecord record = reader.next(); record != null; record = reader.next()) {
            records.add(record);
        }
        return records;
    }
}
