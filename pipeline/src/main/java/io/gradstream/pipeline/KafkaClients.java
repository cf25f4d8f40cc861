package io.gradstream.pipeline;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.Logins;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.TopicIds;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every Kafka client of a trainer is told, and the broker itself where the configuration wants it in this process.
 *
 * @param properties those of the configuration, with the brokers to reach
 */
public record KafkaClients(
        String bootstrap,
        Map<String, Object> properties,
        @Nullable EmbeddedBroker broker) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaClients.class);

    public KafkaClients {
        properties = Map.copyOf(properties);
    }

    public static KafkaClients of(Configuration configuration) {
        Logins.check(configuration.kafka().properties());
        EmbeddedBroker broker = null;
        String bootstrap = configuration.kafka().bootstrap();
        if (configuration.kafka().embedded()) {
            Path data = configuration.checkpoint().directory().resolve("kafka");
            broker = EmbeddedBroker.builder().directory(data).start();
            bootstrap = broker.bootstrap();
            log.info("runs a broker in this process: bootstrap={} data={}", bootstrap, data);
        }
        Map<String, Object> properties = new HashMap<>(configuration.kafka().properties());
        properties.put("bootstrap.servers", bootstrap);
        return new KafkaClients(bootstrap, properties, broker);
    }

    /** Which topics these are now. */
    TopicIds ids(List<String> names) {
        try (Topics topics = new Topics(properties)) {
            return new TopicIds(topics.ids(names));
        }
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
