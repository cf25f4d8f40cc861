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

    @Nested
    class Publisher extends TransactionalPublisherSuite {
        Publisher() {
            super(SharedBroker::bootstrap);
        }
    }

    @Nested
    class Admin extends TopicsSuite {
        Admin() {
            super(SharedBroker::bootstrap);
        }
    }
}
