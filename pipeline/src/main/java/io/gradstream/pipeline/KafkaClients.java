package io.gradstream.pipeline;

import io.gradstream.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;

/** What every Kafka client of a trainer is told. */
public final class KafkaClients {
    private KafkaClients() {}

    /** The properties of the configuration, with the brokers to reach. */
    public static Map<String, Object> properties(KafkaSettings kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrap());
        return properties;
    }
}
