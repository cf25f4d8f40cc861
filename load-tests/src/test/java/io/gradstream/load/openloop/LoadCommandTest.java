package io.gradstream.load.openloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.Main;
import io.gradstream.load.outside.PlainTopic;
import io.gradstream.testing.Certificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gradstream load} against brokers that do not let everybody in. */
class LoadCommandTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final int MESSAGES = 40;

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void sendsOverTls() throws Exception {
        Path key = Certificates.keystore(folder, "broker");
        Path trust = Certificates.trusting(folder, "broker");
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .protocol(SecurityProtocol.SSL)
                .property("ssl.keystore.location", key.toString())
                .property("ssl.keystore.password", Certificates.PASSWORD)
                .start()) {
            assertSends(
                    broker,
                    Map.of(
                            "security.protocol",
                            "SSL",
                            "ssl.truststore.location",
                            trust.toString(),
                            "ssl.truststore.password",
                            Certificates.PASSWORD));
        }
    }

    @Test
    void sendsWithAPasswordAndSaysWhereItIsWrong() throws Exception {
        try (EmbeddedBroker broker = passwords()) {
            assertSends(broker, login("right"));
            assertThat(load(broker, login("not-the-one"))).isEqualTo(1);
            assertThat(err.toString()).contains("sasl.jaas.config").doesNotContain("not-the-one");
        }
    }

    @Test
    void namesTheProtocolThatNobodyAnswersTo() throws Exception {
        try (EmbeddedBroker broker = passwords()) {
            assertThat(load(
                            broker,
                            Map.of(
                                    "security.protocol",
                                    "SSL",
                                    "default.api.timeout.ms",
                                    "6000",
                                    "request.timeout.ms",
                                    "3000")))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("security.protocol");
        }
    }

    private void assertSends(EmbeddedBroker broker, Map<String, String> properties) throws Exception {
        assertThat(load(broker, properties)).as(err.toString()).isZero();
        AtomicInteger messages = new AtomicInteger();
        PlainTopic.forEach(broker.insideBootstrap(), "load.events", _ -> messages.incrementAndGet());
        assertThat(messages).hasValue(MESSAGES);
    }

    private int load(EmbeddedBroker broker, Map<String, String> properties) throws Exception {
        StringBuilder lines = new StringBuilder();
        properties.forEach((key, value) ->
                lines.append("    ").append(key).append(": '").append(value).append("'\n"));
        Path file = Files.writeString(folder.resolve("load.yaml"), """
                name: load
                kafka:
                  bootstrap: "%s"
                  properties:
                %s
                source: {topics: [load.events]}
                features: [{column: age, type: numeric}]
                label: {column: clicked}
                model: {type: linear}
                loss: binary-cross-entropy
                checkpoint: {directory: checkpoints}
                """.formatted(broker.bootstrap(), lines));
        String[] command = {
            "load", "-c", file.toString(), "--rate", "" + 10 * MESSAGES, "--rows", "10", "--duration", "1"
        };
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), command);
    }

    private static EmbeddedBroker passwords() {
        return EmbeddedBroker.builder()
                .protocol(SecurityProtocol.SASL_PLAINTEXT)
                .property("sasl.enabled.mechanisms", "PLAIN")
                .property("listener.name.clients.plain.sasl.jaas.config", PLAIN + "user_sender=\"right\";")
                .start();
    }

    private static Map<String, String> login(String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                PLAIN + "username=\"sender\" password=\"" + password + "\";");
    }
}
