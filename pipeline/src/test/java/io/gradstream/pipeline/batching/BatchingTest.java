package io.gradstream.pipeline.batching;

import static io.gradstream.pipeline.batching.Rows.poll;
import static io.gradstream.pipeline.batching.Rows.record;
import static io.gradstream.pipeline.batching.Rows.unusable;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.pipeline.StageScenarios;
import io.gradstream.pipeline.decoding.DecodedRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class BatchingTest extends StageScenarios<DecodedRecords, StepBatch> {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration FLUSH = Duration.ofMillis(250);

    private final MicroBatchRing ring = new MicroBatchRing(Rows.MODEL, 4, 100);
    private final Scheduler scheduler = Schedulers.newSingle("batching-test");
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Sinks.Empty<Void> interrupt = Sinks.empty();
    private final TestPublisher<DecodedRecords> upstream = TestPublisher.create();

    @AfterEach
    void close() {
        scheduler.dispose();
        time.dispose();
        ring.close();
    }

    @Override
    protected Flux<StepBatch> stage(Flux<DecodedRecords> decoded) {
        return new Batching(() -> assembler(StopConditions.NEVER), null, null, _ -> true, Mono.never(), scheduler)
                .apply(decoded);
    }

    @Override
    protected List<DecodedRecords> inputs() {
        return List.of(poll(record(0, 0, 3), record(0, 1, 6)), poll(record(0, 2, 2)), poll(record(1, 0, 3)));
    }

    @Override
    protected List<String> outputs() {
        return List.of("[[0, 1, 2, 0]]", "[[1, 2, 3, 4]]", "[[5, 0, 1, 0]]", "[[1, 2]]");
    }

    @Override
    protected String describe(StepBatch step) {
        return Rows.numbers(step).toString();
    }

    @Override
    protected long prefetch() {
        return 2;
    }

    @Test
    void takesAPartialStepWhenItIsOldEnough() {
        StepVerifier.create(virtual(FLUSH, null, StopConditions.NEVER).map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 2))))
                .then(() -> time.advanceTimeBy(FLUSH.minusMillis(1)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext("[[0, 1]]")
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void countsTheAgeOfAStepFromItsFirstRow() {
        StepVerifier.create(virtual(FLUSH, null, StopConditions.NEVER).map(this::describe))
                .then(() -> time.advanceTimeBy(FLUSH.multipliedBy(10)))
                .then(() -> upstream.next(poll(record(0, 0, 1))))
                .then(() -> time.advanceTimeBy(FLUSH.dividedBy(2)))
                .then(() -> upstream.next(poll(record(0, 1, 1))))
                .then(() -> time.advanceTimeBy(FLUSH.dividedBy(2)))
                .expectNext("[[0, 0]]")
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void letsUnusableRecordsGoWithoutWaitingForRows() {
        StepVerifier.create(virtual(FLUSH, null, StopConditions.NEVER))
                .then(() -> upstream.next(poll(unusable(0, 0, 1))))
                .then(() -> time.advanceTimeBy(FLUSH))
                .assertNext(step -> {
                    assertThat(step.rows()).isZero();
                    assertThat(step.rejected()).hasSize(1);
                })
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void countsTheAgeOfAStepFromAnUnusableRecordToo() {
        StepVerifier.create(virtual(FLUSH, null, StopConditions.NEVER).map(this::describe))
                .then(() -> time.advanceTimeBy(FLUSH.multipliedBy(10)))
                .then(() -> upstream.next(poll(unusable(0, 0, 1), record(0, 1, 1))))
                .then(() -> time.advanceTimeBy(FLUSH.minusMillis(1)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> upstream.next(poll(record(0, 2, 1))))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext("[[0, 0]]")
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void waitsForEverForAFullStepWithoutFlush() {
        StepVerifier.create(virtual(null, null, StopConditions.NEVER).map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 3))))
                .then(() -> time.advanceTimeBy(Duration.ofDays(1)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> upstream.next(poll(record(0, 1, 1))))
                .then(time::advanceTime)
                .expectNext("[[0, 1, 2, 0]]")
                .thenCancel()
                .verify(DEADLINE);
    }

    @Test
    void endsInsideARecordWhenTheRowsAreEnoughAndLeavesUpstreamToItsOwner() {
        StepVerifier.create(virtual(null, null, new StopConditions(6, Long.MAX_VALUE))
                        .map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 9))))
                .then(time::advanceTime)
                .expectNext("[[0, 1, 2, 3]]", "[[4, 5]]")
                .expectComplete()
                .verify(DEADLINE);
        upstream.assertNotCancelled();
    }

    @Test
    void endsWhenTheStepsAreEnough() {
        StepVerifier.create(virtual(null, null, new StopConditions(Long.MAX_VALUE, 1))
                        .map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 9))))
                .then(time::advanceTime)
                .expectNext("[[0, 1, 2, 3]]")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void endsWhenNothingHasComeForLongEnough() {
        StepVerifier.create(virtual(null, Duration.ofSeconds(10), StopConditions.NEVER)
                        .map(this::describe))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(9)))
                .then(() -> upstream.next(poll(record(0, 0, 1))))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(9)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext("[[0]]")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void doesNotCallASourceIdleThatHasMoreToHandOn() {
        AtomicBoolean drained = new AtomicBoolean();
        Flux<StepBatch> steps = new Batching(
                        () -> assembler(StopConditions.NEVER),
                        null,
                        Duration.ofSeconds(1),
                        _ -> drained.get(),
                        Mono.never(),
                        time)
                .apply(upstream.flux());
        StepVerifier.create(steps)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(30)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> drained.set(true))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void trainsWhatIsLeftAtAnInterruptIfPartialStepsAreAllowed() {
        StepVerifier.create(virtual(FLUSH, null, StopConditions.NEVER).map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 3))))
                .then(time::advanceTime)
                .then(interrupt::tryEmitEmpty)
                .then(time::advanceTime)
                .expectNext("[[0, 1, 2]]")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void dropsWhatIsLeftAtAnInterruptIfPartialStepsAreOff() {
        StepVerifier.create(virtual(null, null, StopConditions.NEVER).map(this::describe))
                .then(() -> upstream.next(poll(record(0, 0, 3))))
                .then(time::advanceTime)
                .then(interrupt::tryEmitEmpty)
                .then(time::advanceTime)
                .expectComplete()
                .verify(DEADLINE);
    }

    private Flux<StepBatch> virtual(@Nullable Duration flush, @Nullable Duration idle, StopConditions stop) {
        return new Batching(() -> assembler(stop), flush, idle, _ -> true, interrupt.asMono(), time)
                .apply(upstream.flux());
    }

    private StepAssembler assembler(StopConditions stop) {
        return new StepAssembler(ring, Rows.encoder(), 1, stop, Map.of(), 0, 0);
    }
}
