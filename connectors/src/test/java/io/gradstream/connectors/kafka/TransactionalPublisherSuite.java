package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What a {@link TransactionalPublisher} does with any broker. */
abstract class TransactionalPublisherSuite {
    private final Supplier<String> bootstrap;
    private final String id = TestKafka.name("publisher");
    private final List<TransactionalPublisher> publishers = new ArrayList<>();
    private TestKafka kafka = new TestKafka("");

    TransactionalPublisherSuite(Supplier<String> bootstrap) {
        this.bootstrap = bootstrap;
    }

    @BeforeEach
    void connect() {
        kafka = new TestKafka(bootstrap.get());
    }

    @AfterEach
    void close() {
        publishers.forEach(TransactionalPublisher::close);
    }

    private TransactionalPublisher publisher(String... properties) {
        TransactionalPublisher publisher = new TransactionalPublisher(id, kafka.properties(properties));
        publishers.add(publisher);
        return publisher;
    }

    private static List<ProducerRecord<byte[], byte[]>> records(String topic, Object... values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Object value : values) {
            records.add(new ProducerRecord<>(topic, 0, null, TestKafka.text(value)));
        }
        return records;
    }

    @Test
    void publishesInTheOrderOfSubscription() {
        String topic = kafka.topic(1);
        TransactionalPublisher publisher = publisher();
        Flux.range(0, 50)
                .flatMap(i -> publisher.publish(records(topic, 2 * i, 2 * i + 1)))
                .blockLast(Eventually.PATIENCE);
        assertThat(kafka.committedValuesUpTo(topic, "99")).isEqualTo(TestKafka.numbers(0, 100));
    }

    @Test
    void publishesNothingUntilSubscribedTo() {
        String topic = kafka.topic(1);
        TransactionalPublisher publisher = publisher();
        publisher.publish(records(topic, "never"));
        publisher.publish(records(topic, "once")).block(Eventually.PATIENCE);
        assertThat(kafka.committedValuesUpTo(topic, "once")).isEqualTo(List.of("once"));
    }

    @Test
    void commitsOffsetsWithTheRecords() {
        String topic = kafka.topic(1);
        String events = kafka.topic(1);
        String group = TestKafka.name("group");
        kafka.produce(events, 0, 0, 10);
        KafkaSource source = new KafkaSource(SourceSpec.of(kafka.properties(), group, List.of(events))
                .commits(new Commits.ByCaller())
                .build());
        Recorder recorder = Recorder.acknowledging(source);
        PolledRecords batch = recorder.next();
        Eventually.until("a group member", () -> source.groupMetadata().isPresent());
        publisher()
                .publish(
                        records(topic, "weights"),
                        Map.of(batch.partition(), new OffsetAndMetadata(batch.nextOffset())),
                        source.groupMetadata().orElseThrow())
                .block(Eventually.PATIENCE);
        recorder.cancel();
        assertThat(kafka.committed(group, batch.partition())).isEqualTo(OptionalLong.of(batch.nextOffset()));
        assertThat(kafka.committedValuesUpTo(topic, "weights")).isEqualTo(List.of("weights"));
    }

    @Test
    void abortsAllWhenOneRecordIsRefused() {
        String topic = kafka.topic(1);
        TransactionalPublisher publisher = publisher("max.request.size", "2000");
        List<ProducerRecord<byte[], byte[]>> records = records(topic, "good");
        records.add(new ProducerRecord<>(topic, 0, null, new byte[3_000]));
        Throwable fault = catchThrowable(() -> publisher.publish(records).block(Eventually.PATIENCE));
        assertThat(fault)
                .isInstanceOf(AbortedException.class)
                .hasMessageStartingWith("a publication was aborted topic=" + topic + ": transactional.id=" + id)
                .hasMessageContaining("RecordTooLargeException");
        publisher.publish(records(topic, "next")).block(Eventually.PATIENCE);
        assertThat(kafka.committedValuesUpTo(topic, "next")).isEqualTo(List.of("next"));
    }

    @Test
    void abortsWhenTheGroupMemberIsOutdated() {
        String topic = kafka.topic(1);
        String events = kafka.topic(1);
        String group = TestKafka.name("group");
        KafkaSource source = new KafkaSource(SourceSpec.of(kafka.properties(), group, List.of(events))
                .commits(new Commits.ByCaller())
                .build());
        Recorder recorder = Recorder.acknowledging(source);
        Eventually.until("a group member", () -> source.groupMetadata().isPresent());
        ConsumerGroupMetadata member = source.groupMetadata().orElseThrow();
        recorder.cancel();
        Eventually.until("the member is gone", () -> source.groupMetadata().isEmpty());

        TransactionalPublisher publisher = publisher();
        TopicPartition partition = new TopicPartition(events, 0);
        Throwable fault = catchThrowable(() -> publisher
                .publish(records(topic, "late"), Map.of(partition, new OffsetAndMetadata(1)), member)
                .block(Eventually.PATIENCE));
        assertThat(fault).isInstanceOf(UnknownMemberException.class).hasMessageContaining("CommitFailedException");
        publisher.publish(records(topic, "next")).block(Eventually.PATIENCE);
        assertThat(kafka.committedValuesUpTo(topic, "next")).isEqualTo(List.of("next"));
    }

    @Test
    void isFencedByALaterHolderOfTheId() {
        String topic = kafka.topic(1);
        TransactionalPublisher zombie = publisher();
        zombie.publish(records(topic, "before")).block(Eventually.PATIENCE);
        TransactionalPublisher successor = publisher();
        successor.ready().block(Eventually.PATIENCE);

        Throwable fault =
                catchThrowable(() -> zombie.publish(records(topic, "zombie")).block(Eventually.PATIENCE));
        assertThat(fault)
                .isInstanceOf(FencedException.class)
                .hasMessageEndingWith("another instance took over: transactional.id=" + id);
        assertThat(catchThrowable(() -> zombie.ready().block(Eventually.PATIENCE)))
                .as("stays fenced")
                .isInstanceOf(FencedException.class);
        successor.publish(records(topic, "after")).block(Eventually.PATIENCE);
        assertThat(kafka.committedValuesUpTo(topic, "after")).isEqualTo(List.of("before", "after"));
    }

    @Test
    void isFencedWhenOnlyOffsetsAreLeftToSend() {
        String events = kafka.topic(1);
        KafkaSource source = new KafkaSource(SourceSpec.of(kafka.properties(), TestKafka.name("group"), List.of(events))
                .commits(new Commits.ByCaller())
                .build());
        Recorder recorder = Recorder.acknowledging(source);
        Eventually.until("a group member", () -> source.groupMetadata().isPresent());
        TransactionalPublisher zombie = publisher();
        zombie.ready().block(Eventually.PATIENCE);
        publisher().ready().block(Eventually.PATIENCE);
        Throwable fault = catchThrowable(() -> zombie.publish(
                        List.of(),
                        Map.of(new TopicPartition(events, 0), new OffsetAndMetadata(1)),
                        source.groupMetadata().orElseThrow())
                .block(Eventually.PATIENCE));
        recorder.cancel();
        assertThat(fault).isInstanceOf(FencedException.class);
    }

    @Test
    void carriesOutWhatWasAskedForBeforeItCloses() {
        String topic = kafka.topic(1);
        TransactionalPublisher publisher = publisher();
        publisher.publish(records(topic, "last")).subscribe();
        publisher.close();
        assertThat(kafka.committedValuesUpTo(topic, "last")).isEqualTo(List.of("last"));
    }
}
