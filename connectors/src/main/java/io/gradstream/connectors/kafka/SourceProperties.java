package io.gradstream.connectors.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.jspecify.annotations.Nullable;

/** The properties of a source's consumer: good defaults, then the user's, then those the source depends on. */
final class SourceProperties {
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    private SourceProperties() {}

    static Map<String, Object> of(SourceSpec spec) {
        Map<String, Object> p = new HashMap<>();
        membership(p, spec.instance());
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A topic that is deleted is not brought back, with other settings, by being asked for.
        p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        p.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        p.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 32 << 20);
        if ("consumer".equalsIgnoreCase(String.valueOf(spec.properties().get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            // This protocol leaves sessions to the broker.
            p.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        } else {
            // The other assignors take every partition away from everyone whenever anyone comes or goes.
            p.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        p.putAll(spec.properties());
        p.put(ConsumerConfig.GROUP_ID_CONFIG, spec.group());
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, spec.batchRecords());
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        return p;
    }

    /** What keeps a member in its group: it is missed soon, and comes back to where it was under the name of its instance. */
    static void membership(Map<String, Object> p, @Nullable String instance) {
        p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        if (instance != null) {
            p.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
    }
}
