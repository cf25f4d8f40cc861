package io.gradstream.connectors.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** One Kafka server and the directory it owns; it may be stopped and started again. */
final class Node {
    private final Path directory;
    private final String clusterId;
    private final Properties properties;
    private @Nullable KafkaRaftServer server;

    Node(Path directory, String clusterId, Properties properties) {
        this.directory = directory;
        this.clusterId = clusterId;
        this.properties = properties;
    }

    String address() {
        return properties.getProperty("advertised.listeners").substring("PLAINTEXT://".length());
    }

    synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            if (!Files.exists(directory.resolve("meta.properties"))) {
                format();
            }
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
            server.startup();
        } catch (Exception e) {
            throw new BrokerException("a broker must start: address=" + address() + " directory=" + directory, e);
        }
    }

    synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
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
