package io.gradstream.connectors.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** The settings of one node: small, quick to start, quick to commit. */
final class NodeProperties {
    static final String CONTROLLER = "CONTROLLER";

    private static final String CLIENTS = "CLIENTS";
    private static final String INSIDE = "INSIDE";

    private static final int MESSAGE_BYTES = 16 << 20;

    private NodeProperties() {}

    /** Where one node listens: for clients, for the other nodes, for the quorum. */
    record Ports(int clients, int inside, int controller) {}

    static Properties of(
            int node,
            List<Ports> ports,
            SecurityProtocol protocol,
            Path directory,
            boolean autoCreateTopics,
            Map<String, String> overrides) {
        int nodes = ports.size();
        int replicas = nodes;
        int inSync = nodes == 1 ? 1 : 2;
        Ports mine = ports.get(node);
        String brokers = CLIENTS + "://" + address(mine.clients()) + "," + INSIDE + "://" + address(mine.inside());
        String quorum = IntStream.range(0, nodes)
                .mapToObj(i -> (i + 1) + "@" + address(ports.get(i).controller()))
                .collect(Collectors.joining(","));

        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", String.valueOf(node + 1));
        p.setProperty("listeners", brokers + "," + CONTROLLER + "://" + address(mine.controller()));
        p.setProperty("advertised.listeners", brokers);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty("inter.broker.listener.name", INSIDE);
        p.setProperty(
                "listener.security.protocol.map",
                CLIENTS + ":" + protocol + "," + INSIDE + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        p.setProperty("controller.quorum.voters", quorum);
        p.setProperty("log.dirs", directory.toString());

        p.setProperty("default.replication.factor", String.valueOf(replicas));
        p.setProperty("min.insync.replicas", String.valueOf(inSync));
        p.setProperty("offsets.topic.replication.factor", String.valueOf(replicas));
        p.setProperty("offsets.topic.num.partitions", "1");
        p.setProperty("transaction.state.log.replication.factor", String.valueOf(replicas));
        p.setProperty("transaction.state.log.min.isr", String.valueOf(inSync));
        p.setProperty("transaction.state.log.num.partitions", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", String.valueOf(replicas));
        p.setProperty("share.coordinator.state.topic.min.isr", String.valueOf(inSync));
        p.setProperty("share.coordinator.state.topic.num.partitions", "1");

        p.setProperty("auto.create.topics.enable", String.valueOf(autoCreateTopics));
        p.setProperty("message.max.bytes", String.valueOf(MESSAGE_BYTES));
        p.setProperty("replica.fetch.max.bytes", String.valueOf(MESSAGE_BYTES));

        p.setProperty("add.partitions.to.txn.retry.backoff.ms", "1");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(2 << 20));
        p.setProperty("log.cleaner.threads", "1");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "2");
        p.setProperty("background.threads", "2");

        overrides.forEach(p::setProperty);
        return p;
    }

    static String address(int port) {
        return "127.0.0.1:" + port;
    }
}
