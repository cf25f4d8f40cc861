package io.gradstream.connectors.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The settings of one node: small, quick to start, quick to commit. */
final class NodeProperties {
    static final String CONTROLLER = "CONTROLLER";

    private static final int MESSAGE_BYTES = 16 << 20;

    private NodeProperties() {}

    static Properties of(
            int node,
            List<Integer> ports,
            List<Integer> controllers,
            Path directory,
            boolean autoCreateTopics,
            Map<String, String> overrides) {
        int nodes = ports.size();
        int replicas = nodes;
        int inSync = nodes == 1 ? 1 : 2;
        String client = "PLAINTEXT://127.0.0.1:" + ports.get(node);
        String quorum = IntStream.range(0, nodes)
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
                .collect(Collectors.joining(","));

        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", String.valueOf(node + 1));
        p.setProperty("listeners", client + "," + CONTROLLER + "://127.0.0.1:" + controllers.get(node));
        p.setProperty("advertised.listeners", client);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
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
}
