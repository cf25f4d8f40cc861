package io.gradstream.connectors.kafka;

import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.testcontainers.kafka.KafkaContainer;

/** The connectors against a broker in a container. */
@Needs({Tool.DOCKER, Tool.DEBOOTSTRAP})
class ContainerBrokerSuiteTest {
    private static KafkaContainer container;

    @BeforeAll
    static void start() {
        container = new KafkaContainer(StandInImage.build())
                .withEnv("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "200")
                .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "200")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.start();
    }

    @AfterAll
    static void stop() {
        if (container != null) {
            container.stop();
        }
    }

    private static String bootstrap() {
        return container.getBootstrapServers();
    }

    @Nested
    class Source extends KafkaSourceSuite {
        Source() {
            super(ContainerBrokerSuiteTest::bootstrap);
        }
    }

    @Nested
    class Publisher extends TransactionalPublisherSuite {
        Publisher() {
            super(ContainerBrokerSuiteTest::bootstrap);
        }
    }

    @Nested
    class Admin extends TopicsSuite {
        Admin() {
            super(ContainerBrokerSuiteTest::bootstrap);
        }
    }
}
