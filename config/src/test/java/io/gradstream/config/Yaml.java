package io.gradstream.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradstream.config.yaml.Fault;
import java.util.List;
import java.util.Map;

/** Configurations for tests: a valid one, changed by lines or overrides. */
final class Yaml {
    /** A valid configuration of seven lines. */
    static final String VALID = """
            name: clicks
            source: {topics: [events]}
            features: [{column: x, type: numeric}, {column: site, type: categorical}]
            label: {column: y}
            model: {type: mlp, hidden: [8]}
            loss: binary-cross-entropy
            kafka: {bootstrap: "localhost:9092"}
            """;

    private Yaml() {}

    static Configuration parse(String yaml, String... overrides) {
        return ConfigurationLoader.parse("test.yaml", yaml, List.of(overrides), Map.of());
    }

    static List<Fault> faults(String yaml, String... overrides) {
        return faults(yaml, Map.of(), overrides);
    }

    static List<Fault> faults(String yaml, Map<String, String> environment, String... overrides) {
        return catchThrowableOfType(
                        ConfigurationException.class,
                        () -> ConfigurationLoader.parse("test.yaml", yaml, List.of(overrides), environment))
                .faults();
    }

    static List<String> messages(String yaml, String... overrides) {
        return faults(yaml, overrides).stream().map(Fault::toString).toList();
    }
}
