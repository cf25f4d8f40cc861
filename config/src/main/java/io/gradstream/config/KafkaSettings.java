package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Secrets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How to reach the brokers. */
@Doc("How to reach the Kafka brokers.")
public record KafkaSettings(
        @Doc("Brokers as host:port, several with commas between; embedded starts a broker in this process.")
        @Default("localhost:9092")
        @Matches(pattern = Names.BOOTSTRAP, words = Names.BOOTSTRAP_WORDS)
        String bootstrap,

        @Doc("Any property of the Kafka clients, passed through: TLS, SASL, timeouts.") @Default("{}")
        Map<String, String> properties) {
    public KafkaSettings {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** Whether the broker runs in this process. */
    public boolean embedded() {
        return bootstrap.equals("embedded");
    }

    @Override
    public String toString() {
        return "KafkaSettings[bootstrap=" + bootstrap + ", properties=" + Secrets.masked(properties) + "]";
    }
}
