package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.yaml.Secrets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The word hunter2 must never be printed. */
class SecretsTest {
    private static final String WITH_SECRETS = Yaml.VALID.replace(
                    "{bootstrap: \"localhost:9092\"}",
                    "{properties: {ssl.key.password: hunter2, sasl.jaas.config: 'x password=hunter2;', linger.ms: 5}}")
            + "http: {token: hunter2}\n";

    @Test
    void masksSecretsInTheEffectiveConfiguration() {
        assertThat(Yaml.parse(WITH_SECRETS).effectiveYaml())
                .doesNotContain("hunter2")
                .contains("ssl.key.password: '******'", "sasl.jaas.config: '******'", "token: '******'")
                .contains("linger.ms: '5'");
    }

    @Test
    void masksSecretsInToString() {
        assertThat(Yaml.parse(WITH_SECRETS))
                .asString()
                .doesNotContain("hunter2")
                .contains("linger.ms=5");
    }

    @Test
    void masksWhatACustomModelIsGiven() {
        Configuration configuration = Yaml.parse(Yaml.VALID.replace(
                "{type: mlp, hidden: [8]}",
                "{type: custom, class: org.example.Tower, jar: tower.jar, options: {api_key: hunter2,"
                        + " store: 'redis://reader:hunter2@host:6379/0', units: 8}}"));
        assertThat(configuration.effectiveYaml())
                .doesNotContain("hunter2")
                .contains("store: redis://******@host:6379/0", "units: '8'");
        assertThat(configuration).asString().doesNotContain("hunter2").contains("units=8");
    }

    @Test
    void keepsSecretsForThoseWhoNeedThem() {
        Configuration configuration = Yaml.parse(WITH_SECRETS);
        assertThat(configuration.http().token().value()).isEqualTo("hunter2");
        assertThat(configuration.kafka().properties()).containsEntry("ssl.key.password", "hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http: {token: [hunter2]}",
                "http: {token: {hunter2: x}}",
                "http: {token: hunter2, token: hunter2}",
                "http: {tokn: hunter2}",
                "http: hunter2",
                "http: {token: *hunter2}",
                "http: {token: 'hunter2}",
                "http: {token: @hunter2}",
                "http: {token: hunter2}}",
                "http: {token: \"hunter2 ${}\"}",
                "http: {token: \"hunter2 ${ABSENT}\"}",
                "http: {port: \"${API_TOKEN}\"}",
                "token: hunter2",
                "password: {token: hunter2}",
                "stop: {password: hunter2}",
            })
    void keepsSecretsOutOfFaults(String yaml) {
        assertThat(Yaml.faults(Yaml.VALID + yaml, Map.of("API_TOKEN", "hunter2")))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.toString()).doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.token=[hunter2]",
                "http.token=*hunter2",
                "http.token=\"hunter2",
                "http.token: hunter2",
                "http.token hunter2",
                "kafka.properties.ssl.key.password=[hunter2]",
                "kafka.properties=hunter2",
                "http.tokn=hunter2",
            })
    void keepsSecretsOutOfFaultsOfSettings(String override) {
        assertThat(Yaml.messages(Yaml.VALID, override))
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message).doesNotContain("hunter2"));
    }

    @Test
    void knowsTheSecretsOfTheClients() {
        assertThat(List.of(
                        "ssl.keystore.password",
                        "ssl.key.password",
                        "ssl.keystore.key",
                        "sasl.jaas.config",
                        "sasl.oauthbearer.client.credentials.client.secret",
                        "ssl.truststore.password",
                        "my.api-key",
                        "TOKEN"))
                .allMatch(Secrets::isSecret);
        assertThat(List.of("bootstrap.servers", "security.protocol", "ssl.keystore.location", "key.serializer"))
                .noneMatch(Secrets::isSecret);
    }
}
