package io.gradstream.pipeline.recovery;

import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.PublishedVersion;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.SliceKey;
import io.gradstream.connectors.topic.WeightSlices;
import io.gradstream.pipeline.batching.JournaledSteps;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Trainer;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Brings a trainer from the state of a checkpoint to a version that was published: learns once more from the rows of every step in between,
 * and proves of every version on the way that its weights are those that were published, bit for bit. It publishes nothing.
 *
 * <p>Rows are read, decoded and encoded on a thread of its own while the caller's thread learns from those before. That thread has ended
 * when this has, so that the journal and the log may be read by others.
 */
public final class Recovery {
    private final Trainer trainer;
    private final JournalCursor journal;
    private final JournaledSteps steps;
    private final WeightSlices slices;
    private final Scheduler reading;
    private final Set<Long> wanted;
    private final Checkpoints past;
    private final Consumer<TrainerState> checkpoints;
    private final RecoveryListener listener;

    private record Relearned(JournalRecord record, Optional<StepBatch> batch) {}

    /**
     * @param journal behind the step at which the trainer stands
     * @param reading a thread for this recovery alone
     * @param wanted the steps to whose states the model goes back on the way
     * @param past takes these states
     * @param checkpoints takes the states that are due to be kept on the way: a recovery that is killed need not begin again
     */
    public Recovery(
            Trainer trainer,
            JournalCursor journal,
            JournaledSteps steps,
            WeightSlices slices,
            Scheduler reading,
            Set<Long> wanted,
            Checkpoints past,
            Consumer<TrainerState> checkpoints,
            RecoveryListener listener) {
        this.trainer = trainer;
        this.journal = journal;
        this.steps = steps;
        this.slices = slices;
        this.reading = reading;
        this.wanted = Set.copyOf(wanted);
        this.past = past;
        this.checkpoints = checkpoints;
        this.listener = listener;
    }

    /**
     * Learns up to a step.
     *
     * @param stopped asked between two steps
     * @return whether it got there
     * @throws RecoveryException if a version comes out different, or rows cannot be read
     */
    public boolean run(long to, BooleanSupplier stopped) {
        long from = trainer.steps();
        hold();
        try (Stream<Relearned> relearned = relearned(to).toStream(1)) {
            Iterator<Relearned> each = relearned.iterator();
            while (trainer.steps() < to) {
                if (stopped.getAsBoolean()) {
                    return false;
                }
                if (!each.hasNext()) {
                    throw new RecoveryException(
                            "the journal must have every step: missing=" + (trainer.steps() + 1) + " newest=" + to);
                }
                learn(each.next());
                listener.recovered(trainer.steps() - from, to - from, trainer.rows());
            }
            return true;
        } finally {
            reading.disposeGracefully().block();
        }
    }

    /** What the model will go back to need not be on disk any more, or not yet. */
    private void hold() {
        if (wanted.contains(trainer.steps())) {
            past.hold(trainer.state());
        }
    }

    private Flux<Relearned> relearned(long to) {
        return Flux.<Relearned>generate(sink -> {
                    JournalRecord record = journal.next();
                    if (record == null || record.step() > to) {
                        sink.complete();
                    } else {
                        sink.next(new Relearned(record, rows(record)));
                    }
                })
                .subscribeOn(reading);
    }

    /** Rows that were learned from once more are read when the features know what they knew then. */
    private Optional<StepBatch> rows(JournalRecord record) {
        return record.again().isPresent() ? Optional.empty() : Optional.of(steps.read(record));
    }

    private void learn(Relearned each) {
        JournalRecord record = each.record();
        if (record.step() != trainer.steps() + 1) {
            throw new RecoveryException(
                    "the journal must have every step: missing=" + (trainer.steps() + 1) + " next=" + record.step());
        }
        if (record.rollback().isPresent()) {
            trainer.rollBackAgain(record.rollback().getAsLong());
        } else {
            Optional<TrainerState> due =
                    each.batch().map(trainer::relearn).orElseGet(() -> trainer.relearnAgain(record));
            due.ifPresent(checkpoints);
        }
        hold();
        record.published().ifPresent(this::require);
    }

    private void require(PublishedVersion published) {
        String found = slices.digest(trainer.weights());
        if (!found.equals(published.sha256())) {
            throw new RecoveryException("a version comes out different: version=" + published.version() + " step="
                    + trainer.steps() + " published=" + published.sha256() + " recomputed=" + found);
        }
        trainer.reached(published.version());
    }

    /** Proves that the trainer is what a manifest says. */
    public void require(Manifest manifest) {
        if (trainer.rows() != manifest.rows()) {
            throw new RecoveryException("a version comes out of another number of rows: version=" + manifest.version()
                    + " published=" + manifest.rows() + " recomputed=" + trainer.rows());
        }
        Map<SliceKey, String> found = slices.hashes(trainer.weights());
        TreeSet<String> different = new TreeSet<>();
        manifest.slices().forEach(slice -> {
            if (!slice.sha256().equals(found.get(slice.key()))) {
                different.add(slice.key().toString());
            }
        });
        if (!different.isEmpty()) {
            throw new RecoveryException("the newest version comes out different: version=" + manifest.version()
                    + " step=" + manifest.step() + " slices=" + different);
        }
    }
}
