package io.gradstream.load.fault;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The other side of the source topics: a plain producer, and whoever makes and changes topics. */
final class Input implements AutoCloseable {
    private static final int LARGEST = 64 << 20;
    /** However long brokers are away, what is sent arrives. */
    private static final int PATIENCE_MILLIS = 3_600_000;

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    Input(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 << 10,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LARGEST,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        PATIENCE_MILLIS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        2L * LARGEST),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    Input topic(String name, int partitions, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) -1).configs(settings)))
                .all()
                .get();
        return this;
    }

    Input topic(String name, int partitions) throws Exception {
        return topic(name, partitions, Map.of());
    }

    /** Deletes a topic and waits until it is gone. */
    void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        while (admin.listTopics().names().get().contains(topic)) {
            Thread.sleep(20);
        }
    }

    /** Changes one setting of a topic. */
    void set(String topic, String setting, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** Deletes the records of the first partition before an offset, as retention does. */
    void deleteUpTo(String topic, long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    /** Sends without waiting. */
    void send(String topic, int partition, byte[] value, Header... headers) {
        var _ = producer.send(
                new ProducerRecord<>(topic, partition, null, null, value, List.of(headers)), (_, fault) -> {
                    if (fault != null) {
                        throw new IllegalStateException(fault);
                    }
                });
    }

    /** Waits until everything sent is there. */
    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
