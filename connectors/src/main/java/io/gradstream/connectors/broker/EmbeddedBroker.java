package io.gradstream.connectors.broker;

import io.gradstream.connectors.broker.NodeProperties.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One or more real Kafka nodes in this JVM, each of them broker and controller. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final DataDirectory directory;
    private final List<Node> nodes;

    private EmbeddedBroker(DataDirectory directory, List<Node> nodes) {
        this.directory = directory;
        this.nodes = nodes;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The value of {@code bootstrap.servers}. */
    public String bootstrap() {
        return nodes.stream().map(Node::address).collect(Collectors.joining(","));
    }

    /**
     * The same without any security, for whoever keeps the broker: users and access lists are made from here. It is the nodes' own
     * listener, on the loopback address, and trusts everybody who reaches it.
     */
    public String insideBootstrap() {
        return nodes.stream().map(Node::inside).collect(Collectors.joining(","));
    }

    public int nodes() {
        return nodes.size();
    }

    /** Stops one node, counted from 0; its data stay. */
    public void stop(int node) {
        nodes.get(node).stop();
    }

    /** Starts a stopped node again, at the same address. */
    public void start(int node) {
        nodes.get(node).start();
    }

    @Override
    public void close() {
        try {
            onAll(nodes.size(), node -> nodes.get(node).stopBroker());
            onAll(nodes.size(), node -> nodes.get(node).stopController());
        } finally {
            directory.close();
        }
    }

    /** A quorum forms only when its nodes start at the same time. */
    private static void onAll(int nodes, IntConsumer action) {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("broker-", 0).factory())) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                int node = i;
                all.add(threads.submit(() -> action.accept(node)));
            }
            for (Future<?> one : all) {
                Futures.join(one);
            }
        }
    }

    /** Collects what differs from one node at any free port with a temporary directory. */
    public static final class Builder {
        private static final int ATTEMPTS = 5;

        private int nodes = 1;
        private int port;
        private @Nullable Path directory;
        private boolean autoCreateTopics = true;
        private SecurityProtocol protocol = SecurityProtocol.PLAINTEXT;
        private final Map<String, String> properties = new HashMap<>();

        private Builder() {}

        /** How many nodes: 1 or 3. */
        public Builder nodes(int value) {
            if (value != 1 && value != 3) {
                throw new IllegalArgumentException("a quorum has one or three nodes: nodes=" + value);
            }
            nodes = value;
            return this;
        }

        /** The first node's port, the others take the next ones; 0 is any free one. */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new IllegalArgumentException("a port is between 0 and 65535: port=" + value);
            }
            port = value;
            return this;
        }

        /** Where data are kept beyond the life of the broker. */
        public Builder directory(Path value) {
            directory = value;
            return this;
        }

        /** Whether a topic springs into being when a client first speaks of it; it does unless told otherwise. */
        public Builder autoCreateTopics(boolean value) {
            autoCreateTopics = value;
            return this;
        }

        /** What clients have to speak: TLS, SASL or both, with what {@link #property} says of keys and users; plain text unless told. */
        public Builder protocol(SecurityProtocol value) {
            protocol = value;
            return this;
        }

        /** Any property of the Kafka server. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /**
         * Starts and returns when clients can connect.
         *
         * @throws BrokerException where a node does not come up
         */
        public EmbeddedBroker start() {
            ExitGuard.install();
            for (int attempt = 1; ; attempt++) {
                try {
                    return startOnce();
                } catch (BrokerException e) {
                    // Between finding a free port and binding it, another process may have been quicker.
                    if (!e.addressInUse() || port != 0 || attempt == ATTEMPTS) {
                        throw e;
                    }
                    LOG.debug("a free port was taken meanwhile: attempt={}", attempt);
                }
            }
        }

        private EmbeddedBroker startOnce() {
            DataDirectory data = directory == null ? DataDirectory.temporary() : DataDirectory.kept(directory);
            List<Ports> ports = ports();
            String clusterId =
                    data.clusterId().orElseGet(() -> Uuid.randomUuid().toString());
            EmbeddedBroker broker = new EmbeddedBroker(
                    data,
                    IntStream.range(0, nodes)
                            .mapToObj(i -> new Node(
                                    data.node(i),
                                    clusterId,
                                    ports.get(i),
                                    NodeProperties.of(i, ports, protocol, data.node(i), autoCreateTopics, properties)))
                            .toList());
            long begin = System.nanoTime();
            try {
                onAll(nodes, broker::start);
            } catch (RuntimeException e) {
                broker.close();
                throw e;
            }
            LOG.info(
                    "embedded broker is up: bootstrap={} directory={} millis={}",
                    broker.bootstrap(),
                    data.root(),
                    (System.nanoTime() - begin) / 1_000_000);
            return broker;
        }

        private List<Ports> ports() {
            List<Integer> free = FreePorts.find(3 * nodes);
            return IntStream.range(0, nodes)
                    .mapToObj(i ->
                            new Ports(port == 0 ? free.get(i) : port + i, free.get(nodes + i), free.get(2 * nodes + i)))
                    .toList();
        }
    }
}
