package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.pipeline.cli.ExitCode;
import io.gradstream.pipeline.cli.Main;
import io.gradstream.testing.Certificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * The service against brokers that demand TLS, a certificate, or a user with a password, through {@code kafka.properties} alone.
 * Everything that any command prints or logs, at debug level and Kafka's own lines included, is searched for the secrets.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredBrokerTest {
    private static final String PLAIN_PASSWORD = "plain-secret-0815";
    private static final String SCRAM_PASSWORD = "scram-secret-2342";
    private static final String TOKEN = "token-secret-1337";
    private static final List<String> SECRETS = List.of(Certificates.PASSWORD, PLAIN_PASSWORD, SCRAM_PASSWORD, TOKEN);
    private static final int ROWS = 200;

    /** What a broker demands. */
    enum Demand {
        TLS(SecurityProtocol.SSL),
        MUTUAL_TLS(SecurityProtocol.SSL),
        PLAIN(SecurityProtocol.SASL_PLAINTEXT),
        SCRAM(SecurityProtocol.SASL_SSL);

        private final SecurityProtocol protocol;

        Demand(SecurityProtocol protocol) {
            this.protocol = protocol;
        }
    }

    private final Map<Demand, EmbeddedBroker> brokers = new EnumMap<>(Demand.class);
    private final Overheard overheard = new Overheard();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path directory;
    private Path brokerKey;
    private Path clientKey;
    private Path trustsBroker;
    private Path trustsClient;

    @BeforeAll
    void makeCertificates(@TempDir Path temporary) throws Exception {
        directory = temporary;
        brokerKey = Certificates.keystore(directory, "broker");
        clientKey = Certificates.keystore(directory, "client");
        trustsBroker = Certificates.trusting(directory, "broker");
        trustsClient = Certificates.trusting(directory, "client");
    }

    @AfterAll
    void stopBrokers() {
        brokers.values().forEach(EmbeddedBroker::close);
    }

    @BeforeEach
    void listen() {
        overheard.start();
    }

    @AfterEach
    void neverLetASecretOut() {
        overheard.stop();
        for (String secret : SECRETS) {
            assertThat(out.toString()).doesNotContain(secret);
            assertThat(err.toString()).doesNotContain(secret);
            assertThat(overheard.lines()).noneMatch(line -> line.contains(secret));
        }
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }

    @ParameterizedTest
    @EnumSource(Demand.class)
    void worksThroughKafkaPropertiesAlone(Demand demand) throws Exception {
        String name = "works-" + demand.name().toLowerCase(Locale.ROOT);
        Path file = configuration(demand, name, properties(demand));
        produce(demand, name + ".events");

        assertThat(run("validate", "-c", file.toString())).isZero();
        assertThat(run("topics", "-c", file.toString())).as(err.toString()).isZero();
        assertThat(run("train", "-c", file.toString())).as(err.toString()).isZero();
        assertThat(run("inspect", "weights", "-c", file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("linear.weight");
        assertThat(run("inspect", "metrics", "-c", file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(run("inspect", "journal", "-c", file.toString()))
                .as(err.toString())
                .isZero();
        Path model = directory.resolve(name + ".safetensors");
        assertThat(run("export", "-c", file.toString(), "--from", name + ".weights", "-o", model.toString()))
                .as(err.toString())
                .isZero();
        assertThat(model).isNotEmptyFile();
        Path capture = directory.resolve(name + ".capture");
        assertThat(run("record", "-c", file.toString(), "--topic", name + ".events", "-o", capture.toString()))
                .as(err.toString())
                .isZero();
        assertThat(run("replay", "-c", file.toString(), "--speed", "max", capture.toString()))
                .as(err.toString())
                .isZero();
        assertThat(overheard.lines())
                .as("Kafka's own lines are searched as well")
                .isNotEmpty();
    }

    @Test
    void namesThePropertyOfAWrongPassword() throws Exception {
        for (Demand demand : List.of(Demand.PLAIN, Demand.SCRAM)) {
            Map<String, String> wrong = properties(demand);
            wrong.compute("sasl.jaas.config", (_, jaas) -> requireNonNull(jaas).replace("secret", "secret-wrong"));
            Path file = configuration(demand, "wrong", wrong);
            assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("kafka.properties", "sasl.jaas.config");
            assertThat(run("inspect", "weights", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(run("export", "-c", file.toString(), "--from", "wrong.weights", "-o", "never.safetensors"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(overheard.lines()).noneMatch(line -> line.contains("secret-wrong"));
        }
    }

    @Test
    void namesThePropertyOfAMechanismThatTheBrokerDoesNotKnow() throws Exception {
        Map<String, String> wrong = properties(Demand.PLAIN);
        wrong.put("sasl.mechanism", "SCRAM-SHA-256");
        wrong.compute(
                "sasl.jaas.config",
                (_, jaas) -> requireNonNull(jaas).replace("plain.PlainLoginModule", "scram.ScramLoginModule"));
        Path file = configuration(Demand.PLAIN, "mechanism", wrong);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("sasl.mechanism");
    }

    @Test
    void namesThePropertyOfAWrongAuthority() throws Exception {
        Map<String, String> wrong = properties(Demand.TLS);
        wrong.put("ssl.truststore.location", trustsClient.toString());
        Path file = configuration(Demand.TLS, "authority", wrong);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("kafka.properties", "ssl.truststore.location");
        assertThat(run("inspect", "weights", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void namesThePropertyOfAMissingCertificate() throws Exception {
        Path file = configuration(Demand.MUTUAL_TLS, "anonymous", properties(Demand.TLS));
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("ssl.keystore.location");
    }

    @Test
    void saysThatAStoreCannotBeOpened() throws Exception {
        Map<String, String> wrong = properties(Demand.TLS);
        wrong.put("ssl.truststore.location", directory.resolve("nowhere.p12").toString());
        Path file = configuration(Demand.TLS, "nowhere", wrong);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("nowhere.p12");
    }

    @Test
    void keepsAMalformedLoginToItself() throws Exception {
        for (String jaas : List.of(
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=u password="
                        + PLAIN_PASSWORD,
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=u password " + PLAIN_PASSWORD
                        + ";",
                "org.apache.kafka.common.security.plain.PlainLoginModule " + PLAIN_PASSWORD + ";",
                PLAIN_PASSWORD)) {
            Map<String, String> wrong = properties(Demand.PLAIN);
            wrong.put("sasl.jaas.config", jaas);
            Path file = configuration(Demand.PLAIN, "malformed", wrong);
            assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(run("inspect", "weights", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("sasl.jaas.config");
        }
    }

    @Test
    void namesWhatTheAccessListForbids() throws Exception {
        Path file = configuration(Demand.SCRAM, "forbidden", login("reader", SCRAM_PASSWORD, true));
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("access list", "forbidden.");

        err.getBuffer().setLength(0);
        allow("reader", ResourceType.TOPIC, "forbidden.", AclOperation.ALL);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("access list", "group");

        err.getBuffer().setLength(0);
        allow("reader", ResourceType.GROUP, "forbidden", AclOperation.ALL);
        assertThat(run("train", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("access list", "transactional id");
    }

    private Path configuration(Demand demand, String name, Map<String, String> properties) throws Exception {
        StringBuilder lines = new StringBuilder();
        properties.forEach((key, value) ->
                lines.append("    ").append(key).append(": '").append(value).append("'\n"));
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                kafka:
                  bootstrap: %s
                  properties:
                %s
                source: {topics: [%s.events], format: json, start: earliest}
                features: [{column: x, type: numeric}]
                label: {column: clicked}
                model: {type: linear}
                loss: binary-cross-entropy
                training: {microBatch: 20, device: cpu}
                checkpoint: {directory: %s}
                stop: {rows: %d}
                http: {port: 0, token: %s}
                """.formatted(
                        name, broker(demand).bootstrap(), lines, name, directory.resolve(name), ROWS, TOKEN));
        return file;
    }

    private EmbeddedBroker broker(Demand demand) {
        return brokers.computeIfAbsent(demand, this::start);
    }

    private EmbeddedBroker start(Demand demand) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .protocol(demand.protocol)
                .directory(directory.resolve("kafka-" + demand))
                .property("ssl.keystore.location", brokerKey.toString())
                .property("ssl.keystore.password", Certificates.PASSWORD)
                .property("ssl.truststore.location", trustsClient.toString())
                .property("ssl.truststore.password", Certificates.PASSWORD)
                .property("ssl.client.auth", demand == Demand.MUTUAL_TLS ? "required" : "none");
        switch (demand) {
            case TLS, MUTUAL_TLS -> {}
            case PLAIN ->
                builder.property("sasl.enabled.mechanisms", "PLAIN")
                        .property(
                                "listener.name.clients.plain.sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required user_trainer=\""
                                        + PLAIN_PASSWORD + "\";");
            case SCRAM ->
                builder.property("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                        .property(
                                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                        .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                        .property("super.users", "User:ANONYMOUS;User:trainer");
        }
        EmbeddedBroker broker = builder.start();
        if (demand == Demand.SCRAM) {
            enroll(broker, "trainer");
            enroll(broker, "reader");
        }
        return broker;
    }

    private static void enroll(EmbeddedBroker broker, String user) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.insideBootstrap()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), SCRAM_PASSWORD)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    private void allow(String user, ResourceType type, String prefix, AclOperation operation) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", broker(Demand.SCRAM).insideBootstrap()))) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(type, prefix, PatternType.PREFIXED),
                            new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW))))
                    .all()
                    .get();
        }
    }

    private Map<String, String> properties(Demand demand) {
        return switch (demand) {
            case TLS -> tls();
            case MUTUAL_TLS -> {
                Map<String, String> properties = tls();
                properties.put("ssl.keystore.location", clientKey.toString());
                properties.put("ssl.keystore.password", Certificates.PASSWORD);
                yield properties;
            }
            case PLAIN -> login("trainer", PLAIN_PASSWORD, false);
            case SCRAM -> login("trainer", SCRAM_PASSWORD, true);
        };
    }

    private Map<String, String> tls() {
        Map<String, String> properties = new HashMap<>();
        properties.put("security.protocol", "SSL");
        properties.put("ssl.truststore.location", trustsBroker.toString());
        properties.put("ssl.truststore.password", Certificates.PASSWORD);
        return properties;
    }

    private Map<String, String> login(String user, String password, boolean scram) {
        Map<String, String> properties = scram ? tls() : new HashMap<>();
        properties.put("security.protocol", scram ? "SASL_SSL" : "SASL_PLAINTEXT");
        properties.put("sasl.mechanism", scram ? "SCRAM-SHA-512" : "PLAIN");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + (scram ? "scram.Scram" : "plain.Plain")
                        + "LoginModule required username=\"" + user + "\" password=\"" + password + "\";");
        return properties;
    }

    private void produce(Demand demand, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker(demand).insideBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                String row = "{\"x\": " + i % 7 + ", \"clicked\": " + (i % 7 > 3 ? 1 : 0) + "}";
                sent.add(producer.send(new ProducerRecord<>(topic, row.getBytes(UTF_8))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    /** Every line that anything in this process logs, at debug level. */
    private static final class Overheard extends AppenderBase<ILoggingEvent> {
        private static final List<String> LOGGERS =
                List.of("io.gradstream", "org.apache.kafka.clients", "org.apache.kafka.common");

        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        private final Map<Logger, Level> before = new HashMap<>();

        @Override
        public void start() {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            setContext(context);
            LOGGERS.forEach(name -> {
                Logger logger = context.getLogger(name);
                before.put(logger, logger.getLevel());
                logger.setLevel(Level.DEBUG);
                logger.setAdditive(false);
                logger.addAppender(this);
            });
            super.start();
        }

        @Override
        public void stop() {
            super.stop();
            before.forEach((logger, level) -> {
                logger.detachAppender(this);
                logger.setLevel(level);
                logger.setAdditive(true);
            });
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }
}
