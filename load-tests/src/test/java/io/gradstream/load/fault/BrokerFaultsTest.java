package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that brokers, networks and other members of a group can do to a trainer. Afterwards every row was learned from exactly
 * once, and the weights of every version are those of a second trainer that learned from the same topic in peace.
 *
 * <p>{@code -Dsurefire.extra.flags=-Dgradstream.away=60} keeps all brokers away for a minute instead of fifteen seconds.
 */
class BrokerFaultsTest {
    private static final int AWAY_SECONDS = Integer.getInteger("gradstream.away", 15);
    private static final String EVENTS = "faulty.events";

    @TempDir
    private Path folder;

    @Test
    void survivesBrokersThatStopOneAfterTheOther() throws Exception {
        try (EmbeddedBroker cluster = EmbeddedBroker.builder().nodes(3).start();
                Input input = new Input(cluster.bootstrap()).topic(EVENTS, 1);
                Steady steady = new Steady(input, EVENTS, 1, 20)) {
            CompletableFuture<Service.Run> run = start("faulty", cluster.bootstrap(), 2_000, "");
            for (int node = 0; node < cluster.nodes(); node++) {
                awaitProgress(cluster.bootstrap(), run);
                cluster.stop(node);
                awaitProgress(cluster.bootstrap(), run);
                cluster.start(node);
            }
            assertExact(cluster.bootstrap(), run, 2_000);
        }
    }

    @Test
    void survivesAllBrokersBeingAway() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
                Input input = new Input(broker.bootstrap()).topic(EVENTS, 1);
                Steady steady = new Steady(input, EVENTS, 1, 10)) {
            CompletableFuture<Service.Run> run = start("faulty", broker.bootstrap(), 600, "");
            awaitProgress(broker.bootstrap(), run);
            broker.stop(0);
            Thread.sleep(Duration.ofSeconds(AWAY_SECONDS));
            broker.start(0);
            assertExact(broker.bootstrap(), run, 600);
        }
    }

    @Test
    void survivesConnectionsThatBreakAroundTheCommit() throws Exception {
        try (Distant broker = new Distant(Map.of());
                Input input = new Input(broker.bootstrap()).topic(EVENTS, 1);
                Steady steady = new Steady(input, EVENTS, 1, 10)) {
            CompletableFuture<Service.Run> run = start("faulty", broker.bootstrap(), 800, "");
            for (ApiKeys kind : List.of(ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN, ApiKeys.PRODUCE)) {
                for (BadNetwork.Fate fate : List.of(BadNetwork.Fate.LOST_BEFORE, BadNetwork.Fate.LOST_AFTER)) {
                    awaitProgress(broker.bootstrap(), run);
                    broker.network.spoil(kind, fate, 2);
                    while (broker.network.left() > 0 && !run.isDone()) {
                        Thread.sleep(20);
                    }
                }
            }
            assertExact(broker.bootstrap(), run, 800);
        }
    }

    @Test
    void survivesASlowBroker() throws Exception {
        try (Distant broker = new Distant(Map.of());
                Input input = new Input(broker.bootstrap()).topic(EVENTS, 1);
                Steady steady = new Steady(input, EVENTS, 1, 10)) {
            CompletableFuture<Service.Run> run = start("faulty", broker.bootstrap(), 400, "");
            awaitProgress(broker.bootstrap(), run);
            broker.network.throttle(300_000);
            awaitProgress(broker.bootstrap(), run);
            awaitProgress(broker.bootstrap(), run);
            broker.network.throttle(0);
            assertExact(broker.bootstrap(), run, 400);
        }
    }

    /** What became of such a transaction only the topics can tell: the trainer reads them, in the same process. */
    @Test
    void goesOnExactlyAfterATransactionThatTookTooLong() throws Exception {
        try (Distant broker =
                        new Distant(Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
                Input input = new Input(broker.bootstrap()).topic(EVENTS, 1);
                Steady steady = new Steady(input, EVENTS, 1, 10)) {
            CompletableFuture<Service.Run> run =
                    start("faulty", broker.bootstrap(), 800, ", properties: {transaction.timeout.ms: 1000}");
            for (ApiKeys kind : List.of(ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN)) {
                awaitProgress(broker.bootstrap(), run);
                broker.network.delay(kind, 3_000);
                while (broker.network.left() > 0) {
                    assertThat(run.isDone()).as(() -> run.join().said()).isFalse();
                    Thread.sleep(20);
                }
                awaitProgress(broker.bootstrap(), run);
            }
            assertExact(broker.bootstrap(), run, 800);
            assertThat(events(broker.bootstrap(), "began-again")).hasSize(1);
        }
    }

    @Test
    void saysHowManyRecordsAreGoneAndLearnsFromTheRest() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
                Input input = new Input(broker.bootstrap()).topic(EVENTS, 1)) {
            try (Steady steady = new Steady(input, EVENTS, 1, 1)) {
                assertThat(start("faulty", broker.bootstrap(), 50, "").get().exitCode())
                        .isZero();
                while (steady.sent() < 200) {
                    Thread.sleep(10);
                }
            }
            input.deleteUpTo(EVENTS, 80);
            Service.Run second = start("faulty", broker.bootstrap(), 150, "").get();
            assertThat(second.exitCode()).as(second.said()).isZero();

            TopicPartition partition = new TopicPartition(EVENTS, 0);
            Fates fates = Fates.read(broker.bootstrap(), "faulty");
            assertThat(fates.rowsLearned(Steady.ROWS)).isEqualTo(150L * Steady.ROWS);
            fates.gone(partition, 50, 80);
            fates.assertEachRowOnce(partition, 0, 180, (_, _) -> Steady.ROWS);
            assertThat(events(broker.bootstrap(), "records-gone"))
                    .singleElement()
                    .asString()
                    .contains("\"records\":30", "\"wanted\":50", "\"first\":80");
        }
    }

    @Test
    void survivesForeignMembersComingAndGoing() throws Exception {
        int partitions = 3;
        try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
                Input input = new Input(broker.bootstrap()).topic(EVENTS, partitions);
                Steady steady = new Steady(input, EVENTS, partitions, 10)) {
            CompletableFuture<Service.Run> run =
                    new Service(folder, "faulty", yaml("faulty", broker.bootstrap(), "idle: 3s", "")).start();
            for (int i = 0; i < 2; i++) {
                awaitProgress(broker.bootstrap(), run);
                try (KafkaConsumer<byte[], byte[]> one = member(broker.bootstrap());
                        KafkaConsumer<byte[], byte[]> other = member(broker.bootstrap())) {
                    while (one.assignment().isEmpty() || other.assignment().isEmpty()) {
                        one.poll(Duration.ofMillis(50));
                        other.poll(Duration.ofMillis(50));
                    }
                }
            }
            awaitProgress(broker.bootstrap(), run);
            int sent = steady.stop();
            assertThat(run.get().exitCode()).as(run.get().said()).isZero();
            Fates fates = Fates.read(broker.bootstrap(), "faulty");
            for (int partition = 0; partition < partitions; partition++) {
                fates.assertEachRowOnce(
                        new TopicPartition(EVENTS, partition),
                        0,
                        (sent - partition + partitions - 1) / partitions,
                        (_, _) -> Steady.ROWS);
            }
        }
    }

    private static List<String> events(String bootstrap, String event) {
        List<String> events = new ArrayList<>();
        PlainTopic.forEach(bootstrap, "faulty.metrics", record -> {
            String text = new String(record.value(), UTF_8);
            if (text.contains("\"event\":\"" + event + "\"")) {
                events.add(text);
            }
        });
        return events;
    }

    private static KafkaConsumer<byte[], byte[]> member(String bootstrap) {
        KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "faulty",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(EVENTS));
        return member;
    }

    /** Waits until some more steps are in the journal. */
    private static void awaitProgress(String bootstrap, CompletableFuture<Service.Run> run) throws Exception {
        long before = Fates.steps(bootstrap, "faulty");
        while (Fates.steps(bootstrap, "faulty") < before + 20) {
            assertThat(run.isDone()).as(() -> run.join().said()).isFalse();
            Thread.sleep(50);
        }
    }

    private void assertExact(String bootstrap, CompletableFuture<Service.Run> run, int messages) throws Exception {
        assertThat(run.get().exitCode()).as(run.get().said()).isZero();
        Fates.read(bootstrap, "faulty")
                .assertEachRowOnce(new TopicPartition(EVENTS, 0), 0, messages, (_, _) -> Steady.ROWS);
        Service.Run clean = start("clean", bootstrap, messages, "").get();
        assertThat(clean.exitCode()).as(clean.said()).isZero();
        Published.of(bootstrap, "faulty").assertSameWeights(Published.of(bootstrap, "clean"));
    }

    private CompletableFuture<Service.Run> start(String name, String bootstrap, int messages, String properties)
            throws IOException {
        return new Service(folder, name, yaml(name, bootstrap, "rows: " + messages * Steady.ROWS, properties)).start();
    }

    private String yaml(String name, String bootstrap, String stop, String properties) {
        return """
                name: %1$s
                kafka: {bootstrap: "%2$s"%6$s}
                source: {topics: [%3$s], start: earliest}
                %4$s
                model: {type: mlp, hidden: [8]}
                loss: binary-cross-entropy
                training: {seed: 5, microBatch: 10, flush: off, optimizer: {type: adamw, learningRate: 0.01}}
                publish: {weights: {every: 5 steps}}
                checkpoint: {directory: "%5$s", every: 50 steps}
                stop: {%7$s}
                http: {port: off}
                """.formatted(name, bootstrap, EVENTS, Purchase.COLUMNS, folder.resolve("ck-" + name), properties, stop);
    }

    /** A broker that nobody reaches but through a bad network. */
    private static final class Distant implements AutoCloseable {
        private final BadNetwork network;
        private final EmbeddedBroker broker;

        Distant(Map<String, String> properties) throws IOException {
            int port = freePort();
            network = new BadNetwork(port);
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                    .port(port)
                    .property("inter.broker.listener.name", "CLIENTS")
                    .property("advertised.listeners", "CLIENTS://127.0.0.1:" + network.port());
            properties.forEach(builder::property);
            broker = builder.start();
        }

        String bootstrap() {
            return "127.0.0.1:" + network.port();
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        @Override
        public void close() throws IOException {
            network.close();
            broker.close();
        }
    }
}
