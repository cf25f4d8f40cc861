package io.gradstream.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.pipeline.StageScenarios;
import io.gradstream.pipeline.checkpoint.CheckpointListener;
import io.gradstream.pipeline.checkpoint.CheckpointWriter;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class CheckpointingTest extends StageScenarios<Publication, Publication> {
    private final Scheduler scheduler = Schedulers.newSingle("checkpointing-test");

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        scheduler.dispose();
    }

    @Override
    protected Flux<Publication> stage(Flux<Publication> published) {
        return new Checkpointing(
                        new CheckpointWriter(new Checkpoints(directory, 3), scheduler, CheckpointListener.NONE))
                .apply(published);
    }

    @Override
    protected List<Publication> inputs() {
        return Publications.versions(5, () -> {});
    }

    @Override
    protected List<String> outputs() {
        return List.of("1", "2", "3", "4", "5");
    }

    @Override
    protected String describe(Publication publication) {
        return Long.toString(publication.version());
    }

    @Override
    protected long prefetch() {
        return 1;
    }

    @Test
    void keepsTheStateThatComesWithAVersion() {
        stage(Flux.fromIterable(inputs())).blockLast(Duration.ofSeconds(60));
        assertThat(new Checkpoints(directory, 3).newest())
                .map(TrainerState::version)
                .contains(4L);
    }
}
