package io.gradstream.pipeline.publish;

import io.gradstream.pipeline.checkpoint.CheckpointWriter;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/**
 * The stage that keeps the trainer's state on disk. It comes after publishing, so a checkpoint never knows of anything that a
 * reader of the topics could not know. It does not hold up what passes, but it ends only when the newest state is on disk.
 */
public final class Checkpointing implements Function<Flux<Publication>, Flux<Publication>> {
    private final CheckpointWriter writer;

    public Checkpointing(CheckpointWriter writer) {
        this.writer = writer;
    }

    @Override
    public Flux<Publication> apply(Flux<Publication> published) {
        return published
                .doOnNext(publication -> publication.checkpoint().ifPresent(writer::offer))
                .concatWith(writer.settled().cast(Publication.class));
    }
}
