package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gradstream.autodiff.nn.Network;
import io.gradstream.pipeline.ExampleModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomModelsTest {
    @Test
    void loadsTheExampleInALoaderOfItsOwn(@TempDir Path folder) throws IOException {
        Network network = CustomModels.load(ExampleModel.jar(folder), "example.TwoTowers", Map.of("width", "4"));

        assertThat(network.getClass().getName()).isEqualTo("example.TwoTowers");
        assertThat(network.getClass().getClassLoader()).isNotSameAs(Network.class.getClassLoader());
    }

    /** As the documentation says to do it, by the script beside the example. */
    @Test
    void loadsWhatTheExamplesScriptBuilds(@TempDir Path folder) throws Exception {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "the example's script needs sh");
        ProcessBuilder script = new ProcessBuilder(
                        "sh", ExampleModel.FOLDER.resolve("build.sh").toString(), folder.toString())
                .redirectErrorStream(true);
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        script.environment().put("GRADSTREAM_CLASSES", classesOf(Network.class));
        Process process = script.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();

        Path jar = folder.resolve("two-towers.jar");
        Network network = CustomModels.load(jar, "example.TwoTowers", Map.of("width", "4"));

        assertThat(network.getClass().getName()).isEqualTo("example.TwoTowers");
        try (JarFile entries = new JarFile(jar.toFile())) {
            assertThat(entries.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")))
                    .containsExactly("example/TwoTowers.class");
        }
    }

    private static String classesOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Test
    void saysToBuildAJarThatIsNotThere(@TempDir Path folder) {
        Path jar = folder.resolve("missing.jar");

        assertThatThrownBy(() -> CustomModels.load(jar, "example.TwoTowers", Map.of()))
                .hasMessage("model.jar must be a file; build your model first: jar=" + jar);
    }

    @Test
    void namesTheClassesThatAreThere(@TempDir Path folder) throws IOException {
        Path jar = ExampleModel.jar(folder);

        assertThatThrownBy(() -> CustomModels.load(jar, "example.TwoTower", Map.of()))
                .hasMessage("model.class must be in the jar: class=example.TwoTower jar=" + jar
                        + " classes=[example.TwoTowers]");
    }

    @Test
    void takesNoClassFromElsewhere(@TempDir Path folder) throws IOException {
        Path jar = ExampleModel.jar(folder);

        assertThatThrownBy(() -> CustomModels.load(jar, "io.gradstream.autodiff.nn.Autoencoder", Map.of()))
                .hasMessage("model.class must be in the jar itself: class=io.gradstream.autodiff.nn.Autoencoder jar="
                        + jar);
    }

    @Test
    void saysWhatAClassMustHave(@TempDir Path folder) throws IOException {
        Path noModel = Files.writeString(folder.resolve("NoModel.java"), "public class NoModel {}");
        Path jar = ExampleModel.jar(folder, noModel);

        assertThatThrownBy(() -> CustomModels.load(jar, "NoModel", Map.of()))
                .hasMessage(
                        "model.class must implement io.gradstream.autodiff.nn.Network: class=NoModel implements=[]");
    }

    @Test
    void passesOnWhatTheConstructorHasAgainstItsOptions(@TempDir Path folder) throws IOException {
        Path jar = ExampleModel.jar(folder);

        assertThatThrownBy(() -> CustomModels.load(jar, "example.TwoTowers", Map.of("width", "wide")))
                .hasMessage("model.class must accept its options: class=example.TwoTowers options=[width]"
                        + " cause=java.lang.NumberFormatException: For input string: \"wide\"");
    }
}
