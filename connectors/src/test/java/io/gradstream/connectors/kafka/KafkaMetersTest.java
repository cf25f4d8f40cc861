package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {

    @Test
    void countsWhatComesAndGoes() {
        TestKafka kafka = new TestKafka(SharedBroker.bootstrap());
        String topic = kafka.topic(2);
        kafka.produce(topic, 0, 100, 110);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        KafkaSource source = new KafkaSource(SourceSpec.of(kafka.properties(), TestKafka.name("group"), List.of(topic))
                .build());
        try (TransactionalPublisher publisher =
                new TransactionalPublisher(TestKafka.name("publisher"), kafka.properties())) {
            new KafkaMeters(source, publisher).bindTo(registry);
            publisher
                    .publish(List.of(new ProducerRecord<>(kafka.topic(1), new byte[7])))
                    .block(Eventually.PATIENCE);
            Recorder recorder = Recorder.acknowledging(source);
            Eventually.until("10 records", () -> recorder.values().size() == 10);
            Eventually.until(
                    "no lag in either partition",
                    () -> registry.find("gradstream.source.lag").tag("topic", topic).gauges().stream()
                                    .filter(gauge -> gauge.value() == 0)
                                    .count()
                            == 2);
            recorder.cancel();
        }
        assertThat(registry.get("gradstream.source.records").functionCounter().count())
                .isEqualTo(10);
        assertThat(registry.get("gradstream.source.bytes").functionCounter().count())
                .isEqualTo(30);
        assertThat(registry.get("gradstream.publisher.transactions")
                        .functionTimer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("gradstream.publisher.bytes").functionCounter().count())
                .isEqualTo(7);
        assertThat(registry.get("gradstream.publisher.failures")
                        .functionCounter()
                        .count())
                .isZero();
    }
}
