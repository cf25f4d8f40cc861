package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.batching.RejectedRecord;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final Configuration CONFIGURATION = ConfigurationLoader.parse("test.yaml", """
            name: clicks
            kafka: {bootstrap: "localhost:9092"}
            source: {topics: [events]}
            features:
              - {column: x, type: numeric}
            label: {column: y}
            model: {type: linear}
            loss: binary-cross-entropy
            training: {microBatch: 4, accumulate: 1}
            publish: {weights: {every: 1 step}}
            """, List.of(), Map.of());

    private final AtomicLong nanos = new AtomicLong();
    private final ReferenceDevice device = new ReferenceDevice();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(device));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void numbersOnFromTheTopicOnceRowsAreNewHoweverManyStepsTheyMadeBefore() {
        Trainer trainer = behind(4, 12, 39);
        assertThat(train(trainer, 4, 8).version()).isEqualTo(39);
        assertThat(train(trainer, 8, 10).version()).isEqualTo(39);
        Publication news = train(trainer, 10, 14);
        assertThat(news.version()).isEqualTo(40);
        assertThat(news.positions()).isEqualTo(at(14));
        assertThat(train(trainer, 14, 18).version()).isEqualTo(41);
    }

    @Test
    void publishesWhatIsLeftWhenFewerStepsWereMadeThanThereAreVersions() {
        Trainer trainer = behind(4, 12, 39);
        trainer.train(batch(4, 7));
        assertThat(trainer.train(batch(7, 7, reject(7), reject(13)))).get().satisfies(last -> {
            assertThat(last.version()).isEqualTo(40);
            assertThat(last.rejected())
                    .extracting(each -> each.original().offset())
                    .containsExactly(13L);
        });
    }

    @Test
    void publishesNothingNewForRowsThatTheTopicKnows() {
        Trainer trainer = behind(4, 12, 39);
        train(trainer, 4, 8);
        trainer.train(batch(8, 12));
        assertThat(trainer.finish()).get().satisfies(last -> {
            assertThat(last.version()).isEqualTo(39);
            assertThat(last.checkpoint()).isPresent();
        });
    }

    @Test
    void publishesRowsOfATopicThatWasMadeAnew() {
        Trainer trainer = behind(40, 80, 39);
        assertThat(train(trainer, 0, 4).version()).isEqualTo(40);
        assertThat(train(trainer, 4, 60).version()).isEqualTo(41);
    }

    /** A trainer whose checkpoint ends at one offset and whose topic at another. */
    private Trainer behind(long checkpoint, long published, long version) {
        TrainingStep step = open(new TrainingStep(StepSpecs.of(CONFIGURATION), device));
        Progress progress = new Progress(CONFIGURATION.loss(), 1);
        TrainerState state = new TrainerState(
                "clicks",
                checkpoint,
                version - 8,
                checkpoint,
                at(checkpoint),
                List.of(),
                ModelTensors.state(step.snapshot()),
                List.of(),
                progress.snapshot());
        Manifest newest = new Manifest(
                "clicks",
                version,
                published,
                OptionalLong.empty(),
                List.of(),
                new TreeMap<>(Map.of("events", new TreeMap<>(Map.of(0, new Position(published, 0))))),
                published,
                Instant.EPOCH);
        Trainer trainer = trainer(step, progress);
        trainer.resume(new Start.Checkpointed(state, newest));
        return trainer;
    }

    private Trainer trainer(TrainingStep step, Progress progress) {
        return new Trainer(
                CONFIGURATION, step, progress, TrainingListener.NONE, () -> 0, Clock.systemUTC(), nanos::get);
    }

    private Publication train(Trainer trainer, long from, long to) {
        return trainer.train(batch(from, to)).orElseThrow();
    }

    /** A step of one row that stands for all records between two offsets; of none if there is none between them. */
    private StepBatch batch(long from, long to, RejectedRecord... rejected) {
        List<MicroBatch> rows = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        if (from < to) {
            MicroBatch row = open(new MicroBatch(StepSpecs.of(CONFIGURATION).model(), 4));
            row.rows(1);
            rows.add(row);
            ranges.add(new Range(EVENTS.topic(), EVENTS.partition(), new Position(from, 0), new Position(to, 0)));
        }
        long end = Arrays.stream(rejected)
                .mapToLong(each -> each.original().offset() + 1)
                .max()
                .orElse(to);
        return new StepBatch(rows, ranges, at(end), List.of(rejected), List.of(), List.of(), () -> {});
    }

    private static RejectedRecord reject(long offset) {
        PolledRecord original = new PolledRecord(offset, 0, null, ByteBuffer.allocate(1), new RecordHeaders());
        return new RejectedRecord(EVENTS, original, OptionalInt.empty(), "corrupt", "bytes must make sense");
    }

    private static Map<TopicPartition, Position> at(long offset) {
        return Map.of(EVENTS, new Position(offset, 0));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
