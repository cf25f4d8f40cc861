package io.gradstream.connectors.kafka;

import io.gradstream.connectors.broker.EmbeddedBroker;

/** One embedded broker for all tests of this JVM. */
final class SharedBroker {
    private static final EmbeddedBroker BROKER = EmbeddedBroker.builder()
            .property("group.consumer.heartbeat.interval.ms", "200")
            .property("group.consumer.min.heartbeat.interval.ms", "200")
            .start();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "broker-close"));
    }

    private SharedBroker() {}

    static String bootstrap() {
        return BROKER.bootstrap();
    }
}
