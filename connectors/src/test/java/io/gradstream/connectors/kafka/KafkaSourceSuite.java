package io.gradstream.connectors.kafka;

import static io.gradstream.connectors.kafka.TestKafka.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link KafkaSource} does with any broker. */
abstract class KafkaSourceSuite {
    private final Supplier<String> bootstrap;
    private final List<Recorder> recorders = new ArrayList<>();
    private final String group = TestKafka.name("group");
    private TestKafka kafka = new TestKafka("");

    KafkaSourceSuite(Supplier<String> bootstrap) {
        this.bootstrap = bootstrap;
    }

    @BeforeEach
    void connect() {
        kafka = new TestKafka(bootstrap.get());
    }

    @AfterEach
    void leave() {
        recorders.forEach(Recorder::cancel);
    }

    private SourceSpec.Builder reading(String topic, String... properties) {
        return SourceSpec.of(kafka.properties(properties), group, List.of(topic));
    }

    private Recorder asking(SourceSpec.Builder spec, long demand) {
        return keep(Recorder.asking(new KafkaSource(spec.build()), demand));
    }

    private Recorder acknowledging(SourceSpec.Builder spec) {
        return keep(Recorder.acknowledging(new KafkaSource(spec.build())));
    }

    private Recorder keep(Recorder recorder) {
        recorders.add(recorder);
        return recorder;
    }

    @Test
    void handsOnEveryRecordInOrder() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 5_000);
        Recorder recorder = acknowledging(reading(topic));
        Eventually.until("5000 records", () -> recorder.values().size() >= 5_000);
        assertThat(recorder.values()).isEqualTo(numbers(0, 5_000));
    }

    @Test
    void handsOnNoMoreThanAskedFor() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 50);
        Recorder recorder = asking(reading(topic).batchRecords(1), 3);
        recorder.next();
        recorder.next();
        recorder.next();
        Eventually.pause(Duration.ofMillis(300));
        assertThat(recorder.values()).isEqualTo(numbers(0, 3));
        recorder.request(2);
        recorder.next();
        recorder.next();
        Eventually.pause(Duration.ofMillis(300));
        assertThat(recorder.values()).isEqualTo(numbers(0, 5));
    }

    @Test
    void boundsBatchesByRecordsAndBytes() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 10_000, 11_000);
        Recorder byRecords = acknowledging(reading(topic).batchRecords(7));
        Eventually.until("1000 records", () -> byRecords.values().size() == 1_000);
        byRecords.cancel();
        assertThat(byRecords.batches()).isGreaterThanOrEqualTo(1_000 / 7);

        Recorder byBytes = acknowledging(SourceSpec.of(kafka.properties(), TestKafka.name("group"), List.of(topic))
                .batchBytes(12));
        Eventually.until("1000 records", () -> byBytes.values().size() == 1_000);
        assertThat(byBytes.values()).isEqualTo(numbers(10_000, 11_000));
        assertThat(byBytes.batches()).as("two values of five bytes at once").isEqualTo(500);
    }

    @Test
    void handsOnARecordLargerThanTheBound() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 100, 103);
        Recorder recorder = acknowledging(reading(topic).batchBytes(1));
        Eventually.until("3 records", () -> recorder.batches() == 3);
        assertThat(recorder.values()).isEqualTo(numbers(100, 103));
    }

    @Test
    void keepsKeysHeadersTimestampsAndTombstones() {
        String topic = kafka.topic(1);
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer()) {
            ProducerRecord<byte[], byte[]> tombstone =
                    new ProducerRecord<>(topic, 0, 1_234L, TestKafka.text("key"), (byte[]) null);
            tombstone.headers().add("origin", TestKafka.text("here"));
            TestKafka.join(producer.send(tombstone));
        }
        PolledRecord record = asking(reading(topic), 1).next().records().getFirst();
        assertThat(record.key()).isEqualTo(TestKafka.text("key"));
        assertThat(record.value()).isNull();
        assertThat(record.timestamp()).isEqualTo(1_234);
        assertThat(record.headers().lastHeader("origin").value()).isEqualTo(TestKafka.text("here"));
    }

    @Test
    void goesOnBehindWhatWasAcknowledged() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        Recorder first = asking(reading(topic).batchRecords(1), 5);
        for (int i = 0; i < 5; i++) {
            PolledRecords batch = first.next();
            if (i != 3) {
                batch.acknowledge();
            }
        }
        first.cancel();
        TopicPartition partition = new TopicPartition(topic, 0);
        Eventually.until(
                "offset 3 committed", () -> kafka.committed(group, partition).equals(OptionalLong.of(3)));

        Recorder second = acknowledging(reading(topic));
        Eventually.until("the rest", () -> second.values().size() == 7);
        assertThat(second.values())
                .as("from the first record without acknowledgement")
                .isEqualTo(numbers(3, 10));
    }

    @Test
    void commitsInPassing() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        acknowledging(reading(topic).commits(new Commits.BySource(Duration.ofMillis(50))));
        Eventually.until(
                "offset 10 committed",
                () -> kafka.committed(group, new TopicPartition(topic, 0)).equals(OptionalLong.of(10)));
    }

    @Test
    void commitsNothingWhereTheCallerDoes() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        KafkaSource source =
                new KafkaSource(reading(topic).commits(new Commits.ByCaller()).build());
        Recorder recorder = keep(Recorder.acknowledging(source));
        Eventually.until("10 records", () -> recorder.values().size() == 10);
        Eventually.until("a group member", () -> source.groupMetadata().isPresent());
        assertThat(source.groupMetadata().orElseThrow().groupId()).isEqualTo(group);
        recorder.cancel();
        Eventually.until("the member is gone", () -> source.groupMetadata().isEmpty());
        assertThat(kafka.committed(group, new TopicPartition(topic, 0))).isEmpty();
    }

    @Test
    void startsWhereItIsTold() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        Instant between = Instant.ofEpochMilli(System.currentTimeMillis() + 1);
        Eventually.until("a later millisecond", () -> Instant.now().isAfter(between));
        kafka.produce(topic, 0, 10, 20);

        assertThat(firstValue(topic, new StartPosition.Committed())).isEqualTo("0");
        assertThat(firstValue(topic, new StartPosition.Earliest())).isEqualTo("0");
        assertThat(firstValue(topic, new StartPosition.At(between))).isEqualTo("10");

        KafkaSource latest =
                new KafkaSource(reading(topic).start(new StartPosition.Latest()).build());
        Recorder recorder = keep(Recorder.acknowledging(latest));
        Eventually.until("an assignment", () -> latest.partitions().size() == 1);
        kafka.produce(topic, 0, 20, 21);
        assertThat(Recorder.values(recorder.next())).isEqualTo(List.of("20"));
    }

    @Test
    void latestIsWhereItWasWhenNothingCameOfIt() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        SourceSpec.Builder spec =
                reading(topic).start(new StartPosition.Latest()).commits(new Commits.ByCaller());
        KafkaSource first = new KafkaSource(spec.build());
        Recorder unheard = keep(Recorder.acknowledging(first));
        Eventually.until("an assignment", () -> first.partitions().size() == 1);
        unheard.cancel();
        first.close();
        kafka.produce(topic, 0, 10, 11);
        Recorder second = keep(Recorder.acknowledging(new KafkaSource(spec.build())));
        assertThat(Recorder.values(second.next())).isEqualTo(List.of("10"));
    }

    private String firstValue(String topic, StartPosition start) {
        Recorder recorder = asking(
                SourceSpec.of(kafka.properties(), TestKafka.name("group"), List.of(topic))
                        .start(start),
                1);
        String value = Recorder.values(recorder.next()).getFirst();
        recorder.cancel();
        return value;
    }

    @Test
    void preferredPositionWinsOverCommittedAndStart() {
        String topic = kafka.topic(2);
        kafka.produce(topic, 0, 0, 10);
        kafka.produce(topic, 1, 100, 110);
        Recorder recorder = acknowledging(reading(topic)
                .start(new StartPosition.Earliest())
                .position(partition -> partition.partition() == 0 ? OptionalLong.of(7) : OptionalLong.empty()));
        Eventually.until("13 records", () -> recorder.values().size() == 13);
        assertThat(recorder.values())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(numbers(7, 10).stream(), numbers(100, 110).stream())
                        .toList());
    }

    @Test
    void goesOnWithTheFirstRecordThereIsWhereTheWantedOneIsGone() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(kafka.properties())) {
            TestKafka.join(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6)))
                    .all());
        }
        Map<TopicPartition, List<Long>> gone = new ConcurrentHashMap<>();
        Recorder recorder =
                acknowledging(reading(topic).position(any -> OptionalLong.of(2)).listener(new AssignmentListener() {
                    @Override
                    public void gone(TopicPartition which, long wanted, long first) {
                        gone.put(which, List.of(wanted, first));
                    }
                }));
        Eventually.until("4 records", () -> recorder.values().size() == 4);
        assertThat(recorder.values()).isEqualTo(numbers(6, 10));
        assertThat(gone).isEqualTo(Map.of(partition, List.of(2L, 6L)));
    }

    @Test
    void tellsWhenEverythingIsHandedOn() {
        String topic = kafka.topic(2);
        kafka.produce(topic, 0, 0, 3);
        KafkaSource source = new KafkaSource(reading(topic).batchRecords(1).build());
        Recorder recorder = keep(Recorder.asking(source, 2));
        recorder.next();
        recorder.next();
        TopicPartition partition = new TopicPartition(topic, 0);
        Eventually.until(
                "a lag of one",
                () -> source.partitions()
                        .getOrDefault(partition, new PartitionStatus(0, 0, OptionalLong.empty()))
                        .lag()
                        .equals(OptionalLong.of(1)));
        assertThat(source.drained()).isFalse();
        recorder.request(1);
        recorder.next();
        Eventually.until("the source is drained", source::drained);
        assertThat(source.partitions().get(partition)).isEqualTo(new PartitionStatus(3, 0, OptionalLong.of(3)));
        kafka.produce(topic, 0, 3, 4);
        Eventually.until("more to hand on", () -> !source.drained());
    }

    @Test
    void seesWhatWaitsGrowWhileNobodyAsks() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 10);
        KafkaSource source = new KafkaSource(reading(topic).batchRecords(1).build());
        keep(Recorder.asking(source, 2)).next();
        TopicPartition partition = new TopicPartition(topic, 0);
        for (int sent = 10; sent < 40; sent += 10) {
            kafka.produce(topic, 0, sent, sent + 10);
            OptionalLong waiting = OptionalLong.of(sent + 10 - 2);
            Eventually.until(
                    "a lag of " + waiting,
                    () -> source.partitions()
                            .getOrDefault(partition, new PartitionStatus(0, 0, OptionalLong.empty()))
                            .lag()
                            .equals(waiting));
        }
    }

    @Test
    void hidesWhatIsNotCommittedYet() {
        String topic = kafka.topic(1);
        Recorder recorder = acknowledging(reading(topic));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                kafka.properties("transactional.id", TestKafka.name("id")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            TestKafka.join(producer.send(new ProducerRecord<>(topic, TestKafka.text("aborted"))));
            producer.abortTransaction();
            producer.beginTransaction();
            TestKafka.join(producer.send(new ProducerRecord<>(topic, TestKafka.text("committed"))));
            Eventually.pause(Duration.ofMillis(300));
            assertThat(recorder.values()).isEmpty();
            producer.commitTransaction();
        }
        assertThat(Recorder.values(recorder.next())).isEqualTo(List.of("committed"));
    }

    @Test
    void staysInItsGroupHoweverSlowItsSubscriberIs() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 100);
        Heard heard = new Heard();
        Recorder recorder = asking(
                reading(topic, "max.poll.interval.ms", "1000", "heartbeat.interval.ms", "200")
                        .batchRecords(10)
                        .listener(heard),
                1);
        PolledRecords first = recorder.next();
        Eventually.pause(Duration.ofMillis(3_500));
        first.acknowledge();
        recorder.request(Long.MAX_VALUE);
        Eventually.until("100 records", () -> recorder.values().size() >= 100);
        assertThat(recorder.values()).isEqualTo(numbers(0, 100));
        assertThat(heard.revoked).isEmpty();
        assertThat(heard.lost).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sharesPartitionsWithASecondMemberWithoutLosingOrDoublingARecord(String protocol) {
        String topic = kafka.topic(4);
        String[] properties = protocol.equals("classic")
                ? new String[] {"heartbeat.interval.ms", "200"}
                : new String[] {"group.protocol", "consumer"};
        Recorder first = acknowledging(reading(topic, properties));
        for (int p = 0; p < 4; p++) {
            kafka.produce(topic, p, p * 1_000, p * 1_000 + 100);
        }
        Eventually.until("400 records", () -> first.values().size() == 400);

        KafkaSource joining = new KafkaSource(reading(topic, properties).build());
        Recorder second = keep(Recorder.acknowledging(joining));
        Eventually.until("half of the partitions", () -> joining.partitions().size() == 2);
        for (int p = 0; p < 4; p++) {
            kafka.produce(topic, p, p * 1_000 + 100, p * 1_000 + 200);
        }
        Eventually.until(
                "800 records", () -> first.values().size() + second.values().size() >= 800);
        List<String> all =
                Stream.concat(first.values().stream(), second.values().stream()).toList();
        assertThat(second.values()).hasSize(200);
        assertThat(new HashSet<>(all)).hasSize(800);
        assertThat(all).hasSize(800);
    }

    @Test
    void waitsForWhatIsInFlightBeforeItLetsAPartitionGo() {
        String topic = kafka.topic(2);
        kafka.produce(topic, 0, 0, 1);
        kafka.produce(topic, 1, 0, 1);
        Heard heard = new Heard();
        Recorder first = asking(
                reading(topic, "heartbeat.interval.ms", "200").listener(heard).revokeWait(Duration.ofMinutes(1)),
                Long.MAX_VALUE);
        PolledRecords one = first.next();
        PolledRecords other = first.next();
        Recorder second = acknowledging(reading(topic, "heartbeat.interval.ms", "200"));
        Eventually.until("a partition is asked back", () -> !heard.revoked.isEmpty());
        Eventually.pause(Duration.ofMillis(300));
        assertThat(one.revoked() || other.revoked()).isFalse();
        one.acknowledge();
        other.acknowledge();
        TopicPartition moved = heard.revoked.iterator().next();
        kafka.produce(topic, moved.partition(), 1, 2);
        assertThat(Recorder.values(second.next())).isEqualTo(List.of("1"));
    }

    @Test
    void dropsWhatIsInFlightWhenTheWaitIsOver() {
        String topic = kafka.topic(2);
        kafka.produce(topic, 0, 0, 3);
        kafka.produce(topic, 1, 0, 3);
        Heard heard = new Heard();
        Recorder first = asking(
                reading(topic, "heartbeat.interval.ms", "200")
                        .batchRecords(1)
                        .listener(heard)
                        .revokeWait(Duration.ofMillis(50)),
                2);
        List<PolledRecords> inFlight = List.of(first.next(), first.next());
        Recorder second = acknowledging(reading(topic, "heartbeat.interval.ms", "200"));
        Eventually.until("three records again", () -> second.values().size() == 3);
        inFlight.forEach(PolledRecords::acknowledge);
        assertThat(second.values()).isEqualTo(numbers(0, 3));
        TopicPartition moved = heard.revoked.iterator().next();
        assertThat(inFlight)
                .allSatisfy(batch ->
                        assertThat(batch.revoked()).isEqualTo(batch.partition().equals(moved)));
        first.request(10);
        Eventually.until(
                "the rest of the partition that stayed", () -> first.values().size() >= 3);
        first.cancel();
    }

    @Test
    void commitsNothingOfALostPartition() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 5);
        Heard heard = new Heard();
        Recorder recorder = asking(
                reading(topic, "heartbeat.interval.ms", "200")
                        .listener(heard)
                        .commits(new Commits.BySource(Duration.ofHours(1))),
                1);
        PolledRecords batch = recorder.next();
        try (Admin admin = Admin.create(kafka.properties())) {
            TestKafka.join(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        }
        Eventually.until("the partition is lost", () -> !heard.lost.isEmpty());
        batch.acknowledge();
        assertThat(batch.revoked()).isTrue();
        Eventually.until("the partition is back", () -> heard.assignments() == 2);
        recorder.cancel();
        assertThat(kafka.committed(group, new TopicPartition(topic, 0)))
                .isNotEqualTo(OptionalLong.of(batch.nextOffset()));
    }

    @Test
    void stopsAtOnceWhenCancelled() {
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, 1_000);
        KafkaSource source = new KafkaSource(reading(topic).batchRecords(1).build());
        Recorder recorder = keep(Recorder.asking(source, 0));
        recorder.request(3);
        for (int i = 0; i < 3; i++) {
            recorder.next();
        }
        recorder.cancel();
        Eventually.until("the member is gone", () -> source.groupMetadata().isEmpty());
        assertThat(recorder.batches()).isEqualTo(3);
    }

    @Test
    void namesATopicThatDoesNotExist() {
        Recorder recorder = asking(reading("nowhere", "allow.auto.create.topics", "false"), 1);
        assertThat(recorder.awaitFault())
                .isInstanceOf(UnknownTopicException.class)
                .hasMessage("a topic to read must exist: topic=nowhere");
    }

    @Test
    void namesAnInvalidProperty() {
        Recorder recorder = asking(reading("any", "isolation.level", "sometimes"), 1);
        assertThat(recorder.awaitFault())
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("consumer properties must be valid: ")
                .hasMessageContaining("isolation.level");
    }

    /** What the listener was told. */
    private static final class Heard implements AssignmentListener {
        private final Set<TopicPartition> revoked = ConcurrentHashMap.newKeySet();
        private final Set<TopicPartition> lost = ConcurrentHashMap.newKeySet();
        private int assignments;

        synchronized int assignments() {
            return assignments;
        }

        @Override
        public synchronized void assigned(Set<TopicPartition> partitions) {
            assignments++;
        }

        @Override
        public void revoking(Set<TopicPartition> partitions) {
            revoked.addAll(partitions);
        }

        @Override
        public void lost(Set<TopicPartition> partitions) {
            lost.addAll(partitions);
        }
    }
}
