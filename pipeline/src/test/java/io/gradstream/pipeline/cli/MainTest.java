package io.gradstream.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void namesEveryCommandInItsHelp() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "demo",
                        "train",
                        "validate",
                        "schema",
                        "broker",
                        "topics",
                        "record",
                        "replay",
                        "inspect",
                        "export",
                        "devices");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "train",
                "validate",
                "schema",
                "broker",
                "topics",
                "record",
                "replay",
                "inspect",
                "export",
                "devices"
            })
    void explainsEveryCommand(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: gradstream " + command);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void callsAnUnknownCommandBadUsage() {
        assertThat(run("trane")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(err.toString()).contains("trane");
        assertThat(run()).isEqualTo(ExitCode.BAD_USAGE);
    }

    @Test
    void reportsEveryFaultOfAConfigurationAndNothingOnStdout(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, "name: bad\nsource: {topics: [a], fromat: json}\ntraining: {microBatch: 0}\n");
        assertThat(run("validate", "-c", file.toString())).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(err.toString()).contains("fromat", "format", "microBatch");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "train"})
    void callsSettingsThatDoNotGoTogetherAFaultOfTheConfiguration(String command, @TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("rows.yaml");
        Files.writeString(file, """
                name: rows
                kafka: {bootstrap: "localhost:9092"}
                source: {topics: [events]}
                features: [{column: x, type: numeric}]
                label: {column: y}
                model: {type: linear}
                loss: mse
                training:
                  updates: row
                  optimizer: {type: sgd}
                  average: {decay: 0.9}
                  gradientNoise: {variance: 0.1}
                  groups: [{match: linear.bias, weightDecay: 0}]
                """);
        assertThat(run(command, "-c", file.toString())).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(err.toString()).contains("training.average:", "training.gradientNoise:", "training.groups[0]:");
    }

    @Test
    void callsACardThatIsNotThereAFaultOfTheConfiguration(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("card.yaml");
        Files.writeString(file, """
                name: card
                kafka: {bootstrap: "localhost:9092"}
                source: {topics: [events]}
                features: [{column: x, type: numeric}]
                label: {column: y}
                model: {type: linear}
                loss: mse
                training: {device: "cuda:99"}
                """);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(err.toString())
                .contains("training.device: must be auto or cpu on this machine, because ", "value=cuda:99");
    }

    @Test
    void printsTheSchema() {
        assertThat(run("schema")).isZero();
        assertThat(out.toString()).startsWith("{").contains("microBatch");
    }

    @Test
    void saysWhatTheMachineOffers() {
        assertThat(run("devices")).isZero();
        assertThat(out.toString()).contains("cpu", "matrix products", "cuda");
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
