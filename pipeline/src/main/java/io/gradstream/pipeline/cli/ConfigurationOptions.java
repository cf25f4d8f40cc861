package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every command that needs a configuration. */
final class ConfigurationOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration, a YAML file.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Counts before the file, such as training.microBatch=64; may be given again.")
    private List<String> overrides = new ArrayList<>();

    Configuration load() {
        return ConfigurationLoader.load(file, overrides, System.getenv());
    }
}
