package io.gradstream.connectors.topic;

import static io.gradstream.connectors.topic.WeightVersionsTest.tensor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.WeightVersions.Draft;
import io.gradstream.connectors.topic.WeightVersions.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Reads topics of a real broker. */
class WeightsReaderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static EmbeddedBroker broker;

    private final String topic = "weights-" + TOPICS.incrementAndGet();
    private final WeightVersions versions = new WeightVersions("clicks", new WeightSlices(32));

    private KafkaProducer<byte[], byte[]> producer;
    private WeightsReader reader;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.builder().start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            NewTopic compacted = new NewTopic(topic, 2, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(compacted)).all().get();
        }
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "transactional.id",
                        topic,
                        "retry.backoff.ms",
                        1,
                        "retry.backoff.max.ms",
                        20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        reader = new WeightsReader(broker.bootstrap(), topic, Map.of());
    }

    @AfterEach
    void closeProducer() {
        producer.close();
    }

    @Test
    void givesTheNewestVersionOfWholeAndSlicedTensors() {
        publish(1, tensor("w", 9, 4), tensor("b", 1, 2));
        NamedTensor w = NamedTensor.of("w", new float[36], 9, 4);
        publish(2, w, tensor("b", 1, 2));

        PublishedModel model = Objects.requireNonNull(reader.newest().block(PATIENCE));
        assertThat(model.manifest().version()).isEqualTo(2);
        assertThat(model.tensors()).containsExactly(Map.entry("w", w), Map.entry("b", tensor("b", 1, 2)));
    }

    @Test
    void givesNothingWhereNothingIs() {
        assertThat(reader.newest().block(PATIENCE)).isNull();
    }

    @Test
    void doesNotSeeWhatWasNotCommitted() {
        publish(1, tensor("b", 1, 2));
        send(draft(2, tensor("b", 1, 3)));
        producer.abortTransaction();

        PublishedModel model = Objects.requireNonNull(reader.newest().block(PATIENCE));
        assertThat(model.manifest().version()).isEqualTo(1);
    }

    @Test
    void followsNewVersionsAndEndsWithItsSubscription() {
        publish(1, tensor("b", 1, 2));
        publish(2, tensor("b", 1, 3));

        StepVerifier.create(reader.versions().map(model -> model.manifest().version()))
                .expectNext(2L)
                .then(() -> publish(3, tensor("b", 1, 4)))
                .expectNext(3L)
                .then(() -> publish(4, tensor("b", 1, 5), tensor("w", 7, 4)))
                .expectNext(4L)
                .thenCancel()
                .verify(PATIENCE);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("gradstream-reader-" + topic))
                .allSatisfy(thread -> assertThat(thread.join(PATIENCE)).isTrue());
    }

    @Test
    void asksForNoMoreThanIsWanted() {
        publish(1, tensor("b", 1, 2));

        StepVerifier.create(reader.versions().map(model -> model.manifest().version()), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(1L)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void saysSoWhereThereIsNoTopic() {
        WeightsReader nowhere =
                new WeightsReader(broker.bootstrap(), "no-such-topic", Map.of("default.api.timeout.ms", 3_000));
        assertThatThrownBy(() -> nowhere.newest().block(PATIENCE))
                .isInstanceOf(UnknownTopicOrPartitionException.class)
                .hasMessageContaining("no-such-topic");
    }

    @Test
    void readsJournalAndMetricsOfOneModel() {
        JournalRecord step = JournalRecord.of(
                1,
                7,
                TopicIds.NONE,
                List.of(new JournalRecord.Range("events", 0, new Position(0, 0), new Position(4, 5))));
        MetricEvent event = new MetricEvent("drift", 7, 1, Instant.EPOCH, Map.of("score", 0.5));
        producer.beginTransaction();
        send(0, "other", new byte[0]);
        send(0, "clicks", step.toJson());
        send(1, "events", event.toJson());
        producer.commitTransaction();
        TopicReader topicReader = new TopicReader(broker.bootstrap(), topic, Map.of());

        assertThat(new Journal(topicReader, "clicks").records().collectList().block(PATIENCE))
                .containsExactly(step);
        assertThat(new Metrics(topicReader, "events").records().collectList().block(PATIENCE))
                .containsExactly(event);
    }

    private void publish(long version, NamedTensor... tensors) {
        Draft draft = draft(version, tensors);
        send(draft);
        producer.commitTransaction();
        versions.committed(draft);
    }

    private Draft draft(long version, NamedTensor... tensors) {
        return versions.draft(
                version, version, List.of(tensors), Mode.DELTA, Map.of(), TopicIds.NONE, version, Instant.EPOCH);
    }

    private void send(Draft draft) {
        producer.beginTransaction();
        for (WeightRecord record : draft.records()) {
            var _ = producer.send(new ProducerRecord<>(topic, record.key(), record.value()));
        }
        producer.flush();
    }

    private void send(int partition, String key, byte[] value) {
        var _ = producer.send(new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value));
    }
}
