package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.StageScenarios;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.operation.Answer;
import io.gradstream.pipeline.operation.Controls;
import io.gradstream.pipeline.operation.Request;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class TrainingTest extends StageScenarios<StepBatch, Publication> {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    private final ReferenceDevice device = new ReferenceDevice();
    private final Scheduler thread = Schedulers.newSingle("training-test");
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Controls controls = new Controls();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(device));
    private final List<Publication> published = new ArrayList<>();
    private final TestPublisher<StepBatch> steps = TestPublisher.create();

    @AfterEach
    void close() throws Exception {
        thread.dispose();
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Override
    protected Flux<Publication> stage(Flux<StepBatch> upstream) {
        return training(thread, "publish.weights.every=1 step").apply(upstream);
    }

    @Override
    protected List<StepBatch> inputs() {
        return IntStream.range(0, 5).mapToObj(this::step).toList();
    }

    /** The last one is the state that is to be kept. */
    @Override
    protected List<String> outputs() {
        return List.of("1", "2", "3", "4", "5", "5");
    }

    @Override
    protected List<String> outputsOfNothing() {
        return List.of("1");
    }

    @Override
    protected String describe(Publication publication) {
        return Long.toString(publication.version());
    }

    @Override
    protected long prefetch() {
        return Training.STEPS_IN_FLIGHT - 1;
    }

    @Test
    void publishesInASilentStreamWhatIsDueByTime() {
        run("publish.weights.every=10s");
        feed(0);
        assertThat(published).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(9_999));
        assertThat(published).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(published).extracting(Publication::version).containsExactly(1L);
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(published).as("nothing was learned since").hasSize(1);
        feed(1);
        assertThat(published).extracting(Publication::step).containsExactly(1L, 2L);
    }

    @Test
    void keepsInASilentStreamWhatIsDueByTime() {
        run("publish.weights.every=10s", "checkpoint.every=30s");
        feed(0);
        time.advanceTimeBy(Duration.ofSeconds(29));
        assertThat(published)
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.checkpoint()).isEmpty());
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(published).hasSize(2).last().satisfies(each -> {
            assertThat(each.version()).isEqualTo(1);
            assertThat(each.checkpoint()).isPresent();
        });
    }

    @Test
    void takesNoStepsWhileItIsPausedAndLosesNone() {
        run("publish.weights.every=1 step");
        feed(0);
        assertThat(ask(Request.PAUSE)).isEqualTo(new Answer.Done(1, 1));
        assertThat(controls.paused()).isTrue();
        assertThat(ask(Request.PAUSE)).isInstanceOf(Answer.Refused.class);
        feed(1);
        feed(2);
        assertThat(published).hasSize(1);
        steps.assertMaxRequested(3);
        assertThat(ask(Request.RESUME)).isEqualTo(new Answer.Done(1, 1));
        time.advanceTime();
        assertThat(published).extracting(Publication::step).containsExactly(1L, 2L, 3L);
        assertThat(ask(Request.RESUME)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void endsThoughItIsPaused() {
        run("publish.weights.every=1 step");
        ask(Request.PAUSE);
        feed(0);
        steps.complete();
        time.advanceTime();
        assertThat(published).extracting(Publication::step).containsExactly(1L, 1L);
        assertThat(ask(Request.RESUME)).isEqualTo(new Answer.Refused("nothing is being trained now"));
    }

    @Test
    void publishesAndKeepsWhenItIsAskedTo() {
        run("publish.weights.every=100 steps");
        feed(0);
        CompletableFuture<Answer> visible = controls.ask(Request.PUBLISH);
        time.advanceTime();
        assertThat(published)
                .hasSize(1)
                .last()
                .satisfies(each -> assertThat(each.checkpoint()).isEmpty());
        assertThat(visible).as("it is made, but nobody sees it yet").isNotDone();
        assertThat(ask(Request.PUBLISH)).as("there is nothing new").isEqualTo(new Answer.Done(1, 1));

        CompletableFuture<Answer> kept = controls.ask(Request.CHECKPOINT);
        time.advanceTime();
        assertThat(published)
                .hasSize(2)
                .last()
                .satisfies(each -> assertThat(each.checkpoint()).isPresent());
        assertThat(kept).isNotDone();
    }

    @Test
    void pausesWhileNothingComes() {
        run("publish.weights.every=10s");
        assertThat(ask(Request.PAUSE)).isEqualTo(new Answer.Done(0, 0));
        assertThat(ask(Request.RESUME)).isEqualTo(new Answer.Done(0, 0));
    }

    private void run(String... overrides) {
        Disposable running = training(time, overrides).apply(steps.flux()).subscribe(published::add);
        opened.add(running::dispose);
        time.advanceTime();
    }

    private void feed(int index) {
        steps.next(step(index));
        time.advanceTime();
    }

    private Answer ask(Request request) {
        CompletableFuture<Answer> answer = controls.ask(request);
        time.advanceTime();
        return answer.join();
    }

    private Training training(Scheduler scheduler, String... overrides) {
        Configuration configuration = configuration(overrides);
        Trainer trainer = new Trainer(
                configuration,
                open(new TrainingStep(StepSpecs.of(configuration), device)),
                new Progress(configuration.loss(), 1),
                Nowhere.ORIGINS,
                Nowhere.past(),
                Nowhere.undone(),
                TrainingListener.NONE,
                () -> 0,
                Clock.systemUTC(),
                () -> scheduler.now(TimeUnit.NANOSECONDS));
        trainer.begin(new Start.Fresh(), List.of(), 0, TopicIds.NONE);
        return new Training(trainer, controls, new SimpleMeterRegistry(), scheduler);
    }

    private static Configuration configuration(String... overrides) {
        return ConfigurationLoader.parse("test.yaml", """
            name: clicks
            source: {topics: [events]}
            features:
              - {column: x, type: numeric}
            label: {column: y}
            model: {type: linear}
            loss: binary-cross-entropy
            training: {microBatch: 4, accumulate: 1}
            """, List.of(overrides), Map.of());
    }

    /** A step of one row. */
    private StepBatch step(int index) {
        MicroBatch row = open(new MicroBatch(StepSpecs.of(configuration()).model(), 4));
        row.rows(1);
        Position from = new Position(index, 0);
        Position to = new Position(index + 1, 0);
        return new StepBatch(
                List.of(row),
                List.of(new Range(EVENTS.topic(), EVENTS.partition(), from, to)),
                Map.of(EVENTS, to),
                List.of(),
                List.of(),
                List.of(),
                () -> {});
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
