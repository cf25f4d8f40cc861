package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.nn.Network;
import io.gradstream.config.Sha256;
import io.gradstream.pipeline.ExampleModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelJarTest {
    @TempDir
    private Path folder;

    @Test
    void isTheFileBehindALink() throws IOException {
        Path jar = ExampleModel.jar(folder);
        Path link = Files.createSymbolicLink(folder.resolve("link.jar"), jar);
        assertThat(ModelJar.admit(link, Optional.empty())).isEqualTo(jar.toRealPath());
    }

    @Test
    void isTheVeryBytesWhoseHashIsConfigured() throws Exception {
        Path jar = ExampleModel.jar(folder);
        Path admitted = ModelJar.admit(jar, Optional.of(hash(jar)));
        Files.writeString(jar, "changed after it was looked at");
        Network network = CustomModels.load(admitted, "example.TwoTowers", Map.of());
        assertThat(network.getClass().getName()).isEqualTo("example.TwoTowers");
    }

    @Test
    void mustHaveTheHashThatIsConfigured() throws Exception {
        Path jar = ExampleModel.jar(folder);
        Sha256 other = new Sha256("0".repeat(64));
        assertThatThrownBy(() -> ModelJar.admit(jar, Optional.of(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sha256=" + hash(jar));
    }

    /** Otherwise its class loader would fetch code from there. */
    @Test
    void mustNotLeadToOtherJars() throws IOException {
        Path jar = folder.resolve("leads.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "http://example.org/other.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        assertThatThrownBy(() -> ModelJar.admit(jar, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class-path=http://example.org/other.jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org/model.jar", "jar:file:/tmp/model.jar!/", "file:///tmp/model.jar", "."})
    void isAPathToAFileAndNothingElse(String jar) {
        assertThatThrownBy(() -> ModelJar.admit(Path.of(jar), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.jar must be a file");
    }

    private static Sha256 hash(Path file) throws Exception {
        return new Sha256(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
    }
}
