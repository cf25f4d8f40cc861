package io.gradstream.pipeline.checkpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Writes states to disk behind the back of training, one at a time. While one is written only the newest of those that come meanwhile is
 * kept: a slow disk makes checkpoints rarer, never training slower. A state that cannot be written is no reason to end either, for the
 * journal leads from any older one to the present.
 */
public final class CheckpointWriter {
    private static final Logger log = LoggerFactory.getLogger(CheckpointWriter.class);

    private final Checkpoints checkpoints;
    private final Scheduler scheduler;
    private final AtomicReference<@Nullable TrainerState> waiting = new AtomicReference<>();
    private final CheckpointListener listener;
    private @Nullable TrainerState unwritten;
    private int failures;

    /** @param scheduler has one thread, which nobody else uses */
    public CheckpointWriter(Checkpoints checkpoints, Scheduler scheduler, CheckpointListener listener) {
        this.checkpoints = checkpoints;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /** Has a state written as soon as the one before is. */
    public void offer(TrainerState state) {
        if (waiting.getAndSet(state) == null) {
            scheduler.schedule(this::writeWaiting);
        }
    }

    /** Completes when the newest state is on disk; a last attempt is made if it could not be written. */
    public Mono<Void> settled() {
        return Mono.<Void>fromRunnable(() -> {
                    if (unwritten != null) {
                        write(unwritten);
                    }
                })
                .subscribeOn(scheduler);
    }

    private void writeWaiting() {
        TrainerState state = waiting.getAndSet(null);
        if (state == null) {
            return;
        }
        unwritten = state;
        try {
            write(state);
            unwritten = null;
        } catch (RuntimeException e) {
            listener.notKept(state, e);
            if (failures++ == 0) {
                log.warn(
                        "a checkpoint cannot be written, training goes on and the next one is tried when it is due: step={} reason={}",
                        state.step(),
                        e.toString());
            }
        }
    }

    private void write(TrainerState state) {
        long begin = System.nanoTime();
        checkpoints.write(state);
        listener.kept(state, Duration.ofNanos(System.nanoTime() - begin));
        if (failures > 0) {
            log.info("checkpoints can be written again: step={} failures={}", state.step(), failures);
            failures = 0;
        }
    }
}
