package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    private static Configuration configuration(String... overrides) {
        return ConfigurationLoader.parse("test.yaml", """
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
            """, List.of(overrides), Map.of());
    }

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
    void goesOnBehindTheNewestVersionWhenEverythingBeforeIsLearnedOnceMore() {
        Trainer trainer = behind(4, 39);
        assertThat(trainer.relearn(batch(4, 8))).isEmpty();
        assertThat(trainer.relearn(batch(8, 12))).isEmpty();
        assertThat(trainer.steps()).isEqualTo(6);
        trainer.stand(newest(6, 12, 39));
        assertThat(trainer.finish()).get().satisfies(last -> {
            assertThat(last.version()).isEqualTo(39);
            assertThat(last.journal()).isEmpty();
            assertThat(last.checkpoint()).isPresent();
        });
        Publication news = train(trainer, 12, 16);
        assertThat(news.version()).isEqualTo(40);
        assertThat(news.step()).isEqualTo(7);
        assertThat(news.positions()).isEqualTo(at(16));
        assertThat(news.journal()).extracting(JournalRecord::step).containsExactly(7L);
    }

    @Test
    void keepsAStateOnTheWayThatIsAsOldAsTheVersionItHas() {
        Trainer trainer = behind(4, 39, "checkpoint.every=3 steps");
        assertThat(trainer.relearn(batch(4, 8))).isEmpty();
        trainer.reached(33);
        assertThat(trainer.relearn(batch(8, 12))).get().satisfies(state -> {
            assertThat(state.step()).isEqualTo(6);
            assertThat(state.version()).isEqualTo(33);
            assertThat(state.positions()).isEqualTo(at(12));
        });
    }

    @Test
    void countsAStepOfRowsThatWeighNothing() {
        Trainer trainer = behind(4, 39);
        trainer.stand(newest(4, 4, 39));
        StepBatch weightless = batch(4, 8);
        weightless.microBatches().getFirst().weight().setAtIndex(ValueLayout.JAVA_FLOAT, 0, 0);
        List<NamedTensor> before = trainer.weights();
        Publication version = trainer.train(weightless).orElseThrow();
        assertThat(version.step()).isEqualTo(5);
        assertThat(version.journal()).extracting(JournalRecord::step).containsExactly(5L);
        assertThat(version.metrics()).isEmpty();
        assertThat(version.weights()).usingRecursiveComparison().isEqualTo(before);
    }

    /** A trainer of four steps whose checkpoint ends at an offset. */
    private Trainer behind(long checkpoint, long version, String... overrides) {
        Configuration configuration = configuration(overrides);
        TrainingStep step = open(new TrainingStep(StepSpecs.of(configuration), device));
        Progress progress = new Progress(configuration.loss(), 1);
        TrainerState state = new TrainerState(
                "clicks",
                4,
                version - 8,
                checkpoint,
                at(checkpoint),
                TopicIds.NONE,
                0,
                "",
                List.of(),
                ModelTensors.state(step.snapshot()),
                List.of(),
                progress.snapshot(),
                List.of());
        Trainer trainer = new Trainer(
                configuration,
                step,
                progress,
                Nowhere.ORIGINS,
                Nowhere.past(),
                Nowhere.undone(),
                TrainingListener.NONE,
                () -> 0,
                Clock.systemUTC(),
                nanos::get);
        trainer.begin(new Start.Checkpointed(state), List.of(), 0, TopicIds.NONE);
        return trainer;
    }

    private static Manifest newest(long step, long offset, long version) {
        return new Manifest(
                "clicks",
                version,
                step,
                OptionalLong.empty(),
                List.of(),
                new TreeMap<>(Map.of("events", new TreeMap<>(Map.of(0, new Position(offset, 0))))),
                TopicIds.NONE,
                offset,
                Instant.EPOCH);
    }

    private Publication train(Trainer trainer, long from, long to) {
        return trainer.train(batch(from, to)).orElseThrow();
    }

    /** A step of one row that stands for all records between two offsets. */
    private StepBatch batch(long from, long to) {
        List<MicroBatch> rows = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        MicroBatch row = open(new MicroBatch(StepSpecs.of(configuration()).model(), 4));
        row.rows(1);
        rows.add(row);
        ranges.add(new Range(EVENTS.topic(), EVENTS.partition(), new Position(from, 0), new Position(to, 0)));
        return new StepBatch(rows, ranges, at(to), List.of(), List.of(), List.of(), () -> {});
    }

    private static Map<TopicPartition, Position> at(long offset) {
        return Map.of(EVENTS, new Position(offset, 0));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
