package io.gradstream.config;

import io.gradstream.config.yaml.Binder;
import io.gradstream.config.yaml.Bound;
import io.gradstream.config.yaml.Fault;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads configurations from YAML and reports all their faults together. */
public final class ConfigurationLoader {
    static final Binder<Configuration> BINDER = new Binder<>(Configuration.class, ConfigurationRules::check);

    private ConfigurationLoader() {}

    /**
     * Reads a file.
     *
     * @param overrides settings such as {@code training.microBatch=64} that count before the file
     * @param environment what {@code ${NAME:default}} refers to
     * @throws ConfigurationException with every fault
     */
    public static Configuration load(Path file, List<String> overrides, Map<String, String> environment) {
        return parse(file.toString(), text(file), overrides, environment);
    }

    /** Reads a text; {@code source} is what faults call it. */
    public static Configuration parse(
            String source, String yaml, List<String> overrides, Map<String, String> environment) {
        Bound<Configuration> bound = BINDER.read(source, yaml, overrides, environment);
        return bound.value().orElseThrow(() -> new ConfigurationException(bound.faults()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "must exist");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "must be UTF-8 text");
        } catch (IOException e) {
            throw unreadable(file, "must be readable: " + e.getClass().getSimpleName());
        }
    }

    private static ConfigurationException unreadable(Path file, String rule) {
        return new ConfigurationException(
                List.of(new Fault(file.toString(), 0, "", rule, Optional.empty(), Optional.empty())));
    }
}
