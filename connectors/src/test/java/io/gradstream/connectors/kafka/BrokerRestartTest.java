package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source and publisher while brokers go away and come back. */
class BrokerRestartTest {

    @Test
    void sourceReadsOnAfterItsOnlyBrokerWasAway() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
            TestKafka kafka = new TestKafka(broker.bootstrap());
            String topic = kafka.topic(2);
            kafka.produce(topic, 0, 0, 100);
            Recorder recorder = Recorder.acknowledging(new KafkaSource(
                    SourceSpec.of(kafka.properties(), "readers", List.of(topic)).build()));
            Eventually.until("100 records", () -> recorder.values().size() == 100);
            broker.stop(0);
            broker.start(0);
            kafka.produce(topic, 0, 100, 200);
            Eventually.until("200 records", () -> recorder.values().size() >= 200);
            recorder.cancel();
            assertThat(recorder.values()).isEqualTo(TestKafka.numbers(0, 200));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void publisherNeitherLosesNorDoublesWhileNodesRestart(int nodes) {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().nodes(nodes).start()) {
            TestKafka kafka = new TestKafka(broker.bootstrap());
            String topic = kafka.topic(1);
            try (TransactionalPublisher publisher = new TransactionalPublisher("weights", kafka.properties())) {
                for (int i = 0; i < 60; i++) {
                    if (i % 20 == 10) {
                        int node = i / 20 % nodes;
                        broker.stop(node);
                        Thread restart = Thread.ofPlatform().start(() -> broker.start(node));
                        publishUntilCommitted(publisher, topic, i);
                        join(restart);
                    } else {
                        publishUntilCommitted(publisher, topic, i);
                    }
                }
            }
            assertThat(kafka.committedValuesUpTo(topic, "59")).isEqualTo(TestKafka.numbers(0, 60));
        }
    }

    private static void publishUntilCommitted(TransactionalPublisher publisher, String topic, int value) {
        for (int attempt = 1; ; attempt++) {
            try {
                publisher
                        .publish(List.of(new ProducerRecord<>(topic, TestKafka.text(value))))
                        .block();
                return;
            } catch (AbortedException e) {
                assertThat(attempt).as("attempts, last failure " + e).isLessThan(10);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
