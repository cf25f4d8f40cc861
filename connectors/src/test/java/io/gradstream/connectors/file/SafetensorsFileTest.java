package io.gradstream.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.topic.MalformedException;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    private static final List<NamedTensor> TENSORS = List.of(
            NamedTensor.of("linear.weight", new float[] {1, 2, 3}, 1, 3),
            NamedTensor.of("linear.bias", new float[] {4}, 1));

    @TempDir
    Path directory;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = directory.resolve("model.safetensors");
        Files.writeString(file, "something older");
        SafetensorsFile.write(file, TENSORS, Map.of("format", "pt"));

        Safetensors.Content content = SafetensorsFile.read(file);
        assertThat(content.tensors()).isEqualTo(TENSORS);
        assertThat(content.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(Files.readAllBytes(file)).isEqualTo(Safetensors.encode(TENSORS, Map.of("format", "pt")));
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void namesAFileThatWasCutOff() throws IOException {
        byte[] blob = Safetensors.encode(TENSORS);
        for (int length : List.of(0, 7, 8, 20, blob.length - 1)) {
            Path file = Files.write(directory.resolve("short.safetensors"), Arrays.copyOf(blob, length));
            assertThatThrownBy(() -> SafetensorsFile.read(file))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("short.safetensors");
        }
    }
}
