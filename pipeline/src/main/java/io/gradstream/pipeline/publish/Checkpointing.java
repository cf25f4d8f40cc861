package io.gradstream.pipeline.publish;

import io.gradstream.pipeline.checkpoint.Checkpoints;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The stage that keeps the trainer's state on disk. It comes after publishing, so a checkpoint never knows of anything that a
 * reader of the topics could not know.
 */
public final class Checkpointing implements Function<Flux<Publication>, Flux<Publication>> {
    private final Checkpoints checkpoints;
    private final Scheduler scheduler;

    public Checkpointing(Checkpoints checkpoints, Scheduler scheduler) {
        this.checkpoints = checkpoints;
        this.scheduler = scheduler;
    }

    @Override
    public Flux<Publication> apply(Flux<Publication> published) {
        return published.concatMap(
                publication -> publication
                        .checkpoint()
                        .map(state -> Mono.fromRunnable(() -> checkpoints.write(state))
                                .subscribeOn(scheduler)
                                .thenReturn(publication))
                        .orElseGet(() -> Mono.just(publication)),
                1);
    }
}
