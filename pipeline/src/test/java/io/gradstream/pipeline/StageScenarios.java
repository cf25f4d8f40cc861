package io.gradstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/**
 * What every stage of the pipeline is held to, whatever it does.
 *
 * @param <A> what goes in
 * @param <B> what comes out
 */
public abstract class StageScenarios<A, B> {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** A new stage. */
    protected abstract Flux<B> stage(Flux<A> upstream);

    /** Input of which the stage makes at least three outputs. */
    protected abstract List<A> inputs();

    /** What the stage makes of the input, in a form that can be compared. */
    protected abstract List<String> outputs();

    protected abstract String describe(B output);

    /** How many inputs the stage may ask for while nobody asks it for anything. */
    protected abstract long prefetch();

    @Test
    void handsEverythingOnInOrder() {
        assertThat(stage(Flux.fromIterable(inputs()))
                        .map(this::describe)
                        .collectList()
                        .block(DEADLINE))
                .isEqualTo(outputs());
    }

    @Test
    void handsOnNoMoreThanIsAskedFor() {
        List<String> outputs = outputs();
        StepVerifier.create(stage(Flux.fromIterable(inputs())).map(this::describe), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(outputs.get(0))
                .thenRequest(1)
                .expectNext(outputs.get(1))
                .thenRequest(Long.MAX_VALUE)
                .expectNextSequence(outputs.subList(2, outputs.size()))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void asksForNoMoreThanItCanHoldWhileNobodyAsks() {
        AtomicLong asked = new AtomicLong();
        StepVerifier.create(stage(Flux.<A>never().doOnRequest(asked::addAndGet)), 0)
                .expectSubscription()
                .thenCancel()
                .verify(DEADLINE);
        assertThat(asked).hasValueLessThanOrEqualTo(prefetch());
    }

    @Test
    void cancelsUpstreamWhenCancelled() {
        TestPublisher<A> upstream = TestPublisher.create();
        StepVerifier.create(stage(upstream.flux()))
                .expectSubscription()
                .thenCancel()
                .verify(DEADLINE);
        upstream.assertWasCancelled();
    }

    @Test
    void failsWithTheErrorOfUpstream() {
        StepVerifier.create(stage(Flux.error(new IllegalStateException("upstream broke"))))
                .expectErrorMessage("upstream broke")
                .verify(DEADLINE);
    }

    @Test
    void completesWhenThereIsNothing() {
        assertThat(stage(Flux.<A>empty()).map(this::describe).collectList().block(DEADLINE))
                .isEqualTo(outputsOfNothing());
    }

    protected List<String> outputsOfNothing() {
        return List.of();
    }
}
