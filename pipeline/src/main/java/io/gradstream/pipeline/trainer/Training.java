package io.gradstream.pipeline.trainer;

import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.publish.Publication;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The stage that turns steps' rows into versions, all of it on one thread; at the end of the rows comes the last version. */
public final class Training implements Function<Flux<StepBatch>, Flux<Publication>> {
    /** Steps asked for at a time: one that is learned from, two that are filled meanwhile. */
    public static final int STEPS_IN_FLIGHT = 3;

    private final Trainer trainer;
    private final Scheduler scheduler;

    public Training(Trainer trainer, Scheduler scheduler) {
        this.trainer = trainer;
        this.scheduler = scheduler;
    }

    @Override
    public Flux<Publication> apply(Flux<StepBatch> steps) {
        Flux<Publication> versions = steps.limitRate(STEPS_IN_FLIGHT - 1, 1)
                .publishOn(scheduler, 1)
                .<Publication>handle((step, sink) -> trainer.train(step).ifPresent(sink::next));
        Mono<Publication> last = Mono.fromSupplier(trainer::finish)
                .flatMap(publication -> publication.map(Mono::just).orElseGet(Mono::empty))
                .subscribeOn(scheduler);
        return versions.concatWith(last);
    }
}
