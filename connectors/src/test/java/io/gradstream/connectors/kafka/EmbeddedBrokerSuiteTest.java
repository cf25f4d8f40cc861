package io.gradstream.connectors.kafka;

import org.junit.jupiter.api.Nested;

/** The connectors against the embedded broker. */
class EmbeddedBrokerSuiteTest {

    @Nested
    class Source extends KafkaSourceSuite {
        Source() {
            super(SharedBroker::bootstrap);
        }
    }
}
