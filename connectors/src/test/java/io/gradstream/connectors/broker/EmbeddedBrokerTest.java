package io.gradstream.connectors.broker;

import static org.apache.kafka.clients.CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    @Test
    void listensWhereItIsTold() {
        int port = FreePorts.find(1).getFirst();
        try (EmbeddedBroker broker = EmbeddedBroker.builder().port(port).start()) {
            assertThat(broker.bootstrap()).isEqualTo("127.0.0.1:" + port);
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(taken.getLocalPort());
            assertThatThrownBy(builder::start).isInstanceOfSatisfying(BrokerException.class, e -> {
                assertThat(e.addressInUse()).isTrue();
                assertThat(e).hasMessageContaining("address=127.0.0.1:" + taken.getLocalPort());
            });
        }
    }

    @Test
    void keepsDataInItsDirectory(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().directory(directory).start()) {
            create(broker, "kept");
        }
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().directory(directory).start()) {
            assertThat(topics(broker)).contains("kept");
        }
    }

    @Test
    void leavesNothingBehindOfATemporaryOne() {
        DataDirectory directory = DataDirectory.temporary();
        assertThat(directory.root()).isDirectory();
        directory.close();
        assertThat(Files.exists(directory.root())).isFalse();
    }

    @Test
    void createsTopicsThatClientsSpeakOfUnlessToldOtherwise() throws Exception {
        try (EmbeddedBroker open = EmbeddedBroker.builder().start()) {
            send(open, "new", 1);
            assertThat(topics(open)).contains("new");
        }
        try (EmbeddedBroker strict =
                EmbeddedBroker.builder().autoCreateTopics(false).start()) {
            assertThatThrownBy(() -> send(strict, "new", 1)).hasMessageContaining("not present in metadata");
        }
    }

    @Test
    void takesLargeMessages() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
            send(broker, "large", 10 << 20);
            assertThat(topics(broker)).contains("large");
        }
    }

    @Test
    void threeNodesGoOnWithoutOneOfThem() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().nodes(3).start()) {
            assertThat(broker.bootstrap().split(",")).hasSize(3);
            create(broker, "replicated");
            broker.stop(1);
            send(broker, "replicated", 1);
            broker.start(1);
            broker.stop(2);
            send(broker, "replicated", 1);
        }
    }

    @Test
    void refusesOtherNumbersOfNodes() {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        assertThatThrownBy(() -> builder.nodes(2)).hasMessage("a quorum has one or three nodes: nodes=2");
    }

    @Test
    void keepsThisJvmAliveWhenABrokerGivesUp() {
        ExitGuard.install();
        assertThatThrownBy(() -> Exit.halt(1, "disk gone"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("disk gone");
    }

    private static void create(EmbeddedBroker broker, String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) broker.nodes())))
                    .all()
                    .get();
        }
    }

    private static Set<String> topics(EmbeddedBroker broker) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            return admin.listTopics().names().get();
        }
    }

    private static void send(EmbeddedBroker broker, String topic, int bytes)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        "max.request.size",
                        16 << 20,
                        "max.block.ms",
                        10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[bytes])).get();
        }
    }
}
