package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ${ENV:default}}. */
class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HOST", "broker", "PORT", "9093", "WIDTH", "32", "EMPTY", "", "NESTED", "${PORT}", "NAME", "fromenv");

    @Test
    void fillsInTheEnvironmentEverywhere() {
        Configuration configuration = ConfigurationLoader.parse(
                "test.yaml",
                Yaml.VALID
                        .replace("localhost:9092", "${HOST}:${PORT}")
                        .replace("[8]", "[\"${WIDTH:64}\", '${ABSENT:16}']")
                        .replace("name: clicks", "name: ${NAME}"),
                List.of("training.seed=${WIDTH}", "stop.idle=\"${IDLE:5s}\""),
                ENVIRONMENT);
        assertThat(configuration.kafka().bootstrap()).isEqualTo("broker:9093");
        assertThat(((ModelSettings.Mlp) configuration.model()).hidden()).containsExactly(32, 16);
        assertThat(configuration.training().seed()).isEqualTo(32);
        assertThat(configuration.stop().idle())
                .hasValueSatisfying(idle -> assertThat(idle).hasSeconds(5));
        assertThat(configuration.publish().weights().topic()).isEqualTo("fromenv.weights");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${EMPTY}", "${ABSENT:}", "${EMPTY:default}"})
    void takesAnEmptyVariableOrDefaultForAnEmptyText(String reference) {
        assertThat(token(reference)).isEmpty();
    }

    @Test
    void takesAKeyWhoseReferenceComesOutEmptyForNotGiven() {
        Configuration configuration = ConfigurationLoader.parse(
                "test.yaml",
                Yaml.VALID + "stop: {rows: \"${ROWS:}\"}\ntraining: {microBatch: \"${EMPTY}\"}\n",
                List.of("model.warmStart=\"${WARM:}\""),
                ENVIRONMENT);
        assertThat(configuration.stop().rows()).isEmpty();
        assertThat(configuration.training().microBatch()).isEqualTo(1024);
        assertThat(configuration.model().warmStart()).isEmpty();
        assertThat(Yaml.faults(Yaml.VALID.replace("name: clicks", "name: ${ABSENT:}")))
                .singleElement()
                .satisfies(fault -> assertThat(fault.rule()).isEqualTo("must be given"));
    }

    @Test
    void fillsInOnce() {
        assertThat(token("${NESTED}")).isEqualTo("${PORT}");
        assertThat(token("$${PORT} $1 {x} $")).isEqualTo("${PORT} $1 {x} $");
        assertThat(token("${ABSENT:a:b}")).isEqualTo("a:b");
    }

    @Test
    void reportsEveryVariableThatIsNotSet() {
        assertThat(Yaml.messages(Yaml.VALID.replace("localhost:9092", "${ONE}:${TWO}")))
                .containsExactly(
                        "test.yaml:7: kafka.bootstrap: must have ONE set in the environment, or a default as in ${ONE:default}: value=${ONE}:${TWO}",
                        "test.yaml:7: kafka.bootstrap: must have TWO set in the environment, or a default as in ${TWO:default}: value=${ONE}:${TWO}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "${1A}", "${A", "${A-b}", "x${A:b"})
    void refusesReferencesThatAreNone(String reference) {
        assertThat(Yaml.faults(Yaml.VALID.replace("localhost:9092", reference)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.rule())
                        .isEqualTo("must refer to the environment as ${NAME} or ${NAME:default}"));
    }

    private static String token(String reference) {
        return ConfigurationLoader.parse(
                        "test.yaml", Yaml.VALID + "http: {token: \"" + reference + "\"}", List.of(), ENVIRONMENT)
                .http()
                .token()
                .value();
    }
}
