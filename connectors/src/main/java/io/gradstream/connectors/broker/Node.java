package io.gradstream.connectors.broker;

import io.gradstream.connectors.broker.NodeProperties.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka server, a broker and a controller in one, and the directory it owns; it may be stopped and started again.
 *
 * <p>The two halves stop one by one because a broker says goodbye to the quorum: where all nodes stop, every broker must go
 * before any controller does, or the last one waits for a quorum that no longer exists.
 */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    private final Path directory;
    private final String clusterId;
    private final Ports ports;
    private final Properties properties;
    private @Nullable BrokerServer broker;
    private @Nullable ControllerServer controller;

    Node(Path directory, String clusterId, Ports ports, Properties properties) {
        this.directory = directory;
        this.clusterId = clusterId;
        this.ports = ports;
        this.properties = properties;
    }

    String address() {
        return NodeProperties.address(ports.clients());
    }

    String inside() {
        return NodeProperties.address(ports.inside());
    }

    synchronized void start() {
        if (controller != null) {
            return;
        }
        try {
            if (!Files.exists(directory.resolve("meta.properties"))) {
                format();
            }
            run(KafkaConfig.fromProps(properties, false));
        } catch (Exception e) {
            throw new BrokerException("a broker must start: address=" + address() + " directory=" + directory, e);
        }
    }

    private void run(KafkaConfig config) throws IOException {
        var directories = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        QuorumConfig quorum = config.quorumConfig();
        Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
        SharedServer shared = new SharedServer(
                config,
                directories._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
                QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
        controller.startup();
        broker.startup();
    }

    void stop() {
        stopBroker();
        stopController();
    }

    synchronized void stopBroker() {
        if (broker != null) {
            broker.shutdown(GOODBYE);
            broker.awaitShutdown();
            broker = null;
        }
    }

    synchronized void stopController() {
        if (controller != null) {
            controller.shutdown();
            controller.awaitShutdown();
            controller = null;
        }
    }

    private void format() throws Exception {
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setClusterId(clusterId)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName(NodeProperties.CONTROLLER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
    }
}
