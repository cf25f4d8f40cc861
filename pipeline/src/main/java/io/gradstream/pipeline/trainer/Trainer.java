package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.LearningWatch.Cause;
import io.gradstream.autodiff.step.Schedule;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.SourceException;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Again;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.batching.RowOrigins;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.guard.Guard;
import io.gradstream.pipeline.guard.GuardEvent;
import io.gradstream.pipeline.guard.Learned;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of the model: predicts every row before it learns from it, takes steps, and says when a version is due.
 *
 * <p>Between two calls its state is always that between two steps. One thread at a time.
 */
public final class Trainer {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private final String name;
    private final TrainingStep step;
    private final Progress progress;
    private final double baseRate;
    private final Schedule schedule;
    private final Cadence versionsDue;
    private final Cadence metricsDue;
    private final Cadence checkpointsDue;
    private final Guard guard;
    private final RowOrigins origins;
    private final Checkpoints past;
    private final UndoneSteps undone;
    private final TrainingListener listener;
    private final LongSupplier lag;
    private final Clock clock;
    private final LongSupplier nanos;
    private final RowRate rate;
    private final StallWatch watch;

    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private TopicIds topics = TopicIds.NONE;
    private List<NamedTensor> features = List.of();
    private long steps;
    private long rows;
    private long version;

    /** Something that another thread has to say. */
    private record Notice(String event, Map<String, Object> fields) {}

    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private final Pending pending = new Pending();
    private final String effective;
    private long journalStart;
    private boolean changed;
    private boolean checkpointed;
    private boolean withholding;

    /**
     * @param origins finds the rows that are to be left out
     * @param past the states that the model can go back to
     * @param undone what it learns from once more when it has gone back
     * @param lag how many records wait to be read
     * @param nanos a clock that never jumps, for everything that is due in time
     */
    public Trainer(
            Configuration configuration,
            TrainingStep step,
            Progress progress,
            RowOrigins origins,
            Checkpoints past,
            UndoneSteps undone,
            TrainingListener listener,
            LongSupplier lag,
            Clock clock,
            LongSupplier nanos) {
        long now = nanos.getAsLong();
        this.name = configuration.name();
        this.step = step;
        this.progress = progress;
        this.baseRate = configuration.training().optimizer().learningRate();
        this.schedule = StepSpecs.schedule(configuration.training().schedule());
        this.versionsDue = new Cadence(configuration.publish().weights().every(), now);
        this.metricsDue = new Cadence(configuration.publish().metrics().every(), now);
        this.checkpointsDue = new Cadence(configuration.checkpoint().every(), now);
        this.guard = new Guard(configuration.guard(), step, progress);
        this.origins = origins;
        this.past = past;
        this.undone = undone;
        this.listener = listener;
        this.lag = lag;
        this.clock = clock;
        this.nanos = nanos;
        this.rate = new RowRate(now);
        this.effective = configuration.effectiveYaml();
        this.watch = new StallWatch(step, configuration.training().watchEvery());
    }

    /**
     * Says where it begins.
     *
     * @param known what the features know there
     * @param journalStart an offset of the journal before which nothing belongs to the model's history
     * @param topics the topics that are read; positions in others of the same names count no longer
     */
    public void begin(Start start, List<NamedTensor> known, long journalStart, TopicIds topics) {
        start.applyTo(step, progress);
        this.features = known;
        this.journalStart = journalStart;
        this.topics = topics;
        switch (start) {
            case Start.Fresh _, Start.Warm _ -> {}
            case Start.Published published -> stand(published.model().manifest());
            case Start.Checkpointed checkpoint -> {
                TrainerState state = checkpoint.state();
                steps = state.step();
                rows = state.rows();
                version = state.version();
                positions.putAll(state.positions());
                positions.keySet().removeIf(partition -> topics.replaced(partition.topic(), state.topics()));
                guard.restore(state.guard());
                checkpointed = true;
            }
        }
    }

    /**
     * Takes note of what a restart has cost, for the next publication.
     *
     * @param learned how many steps were learned once more
     * @param exact whether it is as if it had never stopped
     */
    public void recovered(long learned, Duration took, boolean exact) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("steps", learned);
        fields.put("seconds", took.toNanos() / 1e9);
        fields.put("exact", exact);
        tell(new MetricEvent("recovered", steps, version, now(), fields));
    }

    /** Everything the newest version on the topic knows of has been learned: what comes now is news. */
    public void stand(Manifest newest) {
        steps = newest.step();
        changed = false;
        rows = newest.rows();
        version = newest.version();
        positions.putAll(Start.positions(newest, topics));
        guard.undone().ifPresent(undone::find);
    }

    /** Has an event published with the next version; from any thread. */
    public void announce(String event, Map<String, Object> fields) {
        notices.add(new Notice(event, fields));
    }

    private void tellNotices() {
        for (Notice notice = notices.poll(); notice != null; notice = notices.poll()) {
            tell(new MetricEvent(notice.event, steps, version, now(), notice.fields));
        }
    }

    /** Learns from the rows of one step and takes it. */
    public Optional<Publication> train(StepBatch batch) {
        positions.putAll(batch.positions());
        batch.rejected().forEach(pending::add);
        pending.acknowledgements.addAll(batch.acknowledgements());
        changed = true;
        int batchRows = batch.rows();
        if (batchRows == 0) {
            learn(batch, _ -> {});
            return pending.rejected.isEmpty() ? Optional.empty() : offer(false);
        }
        Learned learned = learn(batch, cause -> tell(StallWatch.event(cause, steps, version, now())));
        steps++;
        return taken(learned, batch.ranges(), Optional.empty(), batchRows);
    }

    /** Whether there are rows to learn from once more before others come. */
    public boolean hasUndone() {
        return undone.count() > 0;
    }

    /** Learns once more, with less weight, from the rows of the next step that was undone. */
    public Optional<Publication> learnAgain() {
        JournalRecord earlier = undone.take();
        try {
            StepBatch batch = undone.read(
                    JournalRecord.of(earlier.version(), earlier.step(), earlier.topics(), earlier.ranges()), features);
            Again again = new Again(earlier.step(), guard.weight());
            return taken(learnAgain(batch, again), batch.ranges(), Optional.of(again), batch.rows());
        } catch (SourceException gone) {
            tell(GuardEvent.of(
                    "undone-rows-gone", "from_step", earlier.step(), "reason", String.valueOf(gone.getMessage())));
            undone.forget();
            guard.learnedAgain(steps);
            return Optional.empty();
        }
    }

    /** What follows a step. */
    private Optional<Publication> taken(Learned learned, List<Range> ranges, Optional<Again> again, int batchRows) {
        learned.events().forEach(this::tell);
        record(ranges, learned.poisoned(), again);
        long now = nanos.getAsLong();
        double rowsPerSecond = rate.add(batchRows, now);
        learned.report().ifPresent(taken -> tell(figures(taken, learned.learningRate(), rowsPerSecond), now));
        Optional<Publication> earlier = guard.diverged(steps).flatMap(this::rollBack);
        if (earlier.isPresent()) {
            return earlier;
        }
        boolean checkpoint = checkpointsDue.due(steps, now);
        return checkpoint || versionsDue.due(steps, now) || pending.isFull() || withholding
                ? offer(checkpoint)
                : Optional.empty();
    }

    /**
     * Takes the model back to the newest state in which it was healthy, and publishes it. The rows since then are not learned again; what
     * the features and the metrics know of them stays.
     *
     * @param cause why, for whoever reads the event
     * @return nothing if there is no such state
     */
    public Optional<Publication> rollBack(String cause) {
        Optional<TrainerState> earlier =
                past.newest(state -> state.step() < steps && guard.mayReturn(steps, state.step(), state.guard()));
        if (earlier.isEmpty()) {
            guard.cannotReturn(steps);
            tell(GuardEvent.of("no-rollback", "cause", cause, "reason", "there must be an earlier healthy checkpoint"));
            return Optional.empty();
        }
        long to = earlier.get().step();
        goBack(earlier.get());
        write(JournalRecord.rollback(version, steps, to));
        guard.undone().ifPresent(undone::find);
        tell(GuardEvent.of(
                "rollback",
                "cause",
                cause,
                "to_step",
                to,
                "to_version",
                earlier.get().version(),
                "again",
                undone.count()));
        return Optional.of(publish(true));
    }

    /** Takes the model back once more, as the topics know it was. */
    public void rollBackAgain(long to) {
        goBack(past.newest(state -> state.step() == to)
                .orElseThrow(() -> new IllegalStateException(
                        "the checkpoint to which the model went back must be there: step=" + to)));
    }

    /** Going back is a step of its own. */
    private void goBack(TrainerState earlier) {
        step.restore(ModelTensors.snapshot(earlier.model()));
        guard.rolledBack(steps, earlier.step());
        steps++;
        changed = true;
        checkpointed = false;
    }

    /**
     * Learns once more from the rows of a step that the topics know of, and tells nobody.
     *
     * @return the state, if a checkpoint is due
     */
    public Optional<TrainerState> relearn(StepBatch batch) {
        learn(batch, _ -> {});
        steps++;
        positions.putAll(batch.positions());
        return stateIfDue();
    }

    /** Learns once more from the rows of a step of which the topics know that it has learned from them once more. */
    public Optional<TrainerState> relearnAgain(JournalRecord step) {
        learnAgain(undone.read(step, features), step.again().orElseThrow());
        return stateIfDue();
    }

    private Optional<TrainerState> stateIfDue() {
        long now = nanos.getAsLong();
        if (!checkpointsDue.due(steps, now)) {
            return Optional.empty();
        }
        checkpointsDue.happened(now);
        return Optional.of(state());
    }

    /** The weights are those of this version. */
    public void reached(long version) {
        this.version = version;
    }

    /** Nanoseconds until something is to be published though no step comes; empty if nothing is, whatever the time. */
    public OptionalLong dueIn() {
        if (withholding) {
            return OptionalLong.empty();
        }
        long now = nanos.getAsLong();
        OptionalLong version = changed ? versionsDue.dueIn(now) : OptionalLong.empty();
        OptionalLong checkpoint = checkpointed ? OptionalLong.empty() : checkpointsDue.dueIn(now);
        return LongStream.concat(version.stream(), checkpoint.stream()).min();
    }

    /** What time makes due, as {@link #dueIn} says. */
    public Optional<Publication> publishDue() {
        long now = nanos.getAsLong();
        OptionalLong checkpoint = checkpointsDue.dueIn(now);
        boolean keeping = !checkpointed && checkpoint.isPresent() && checkpoint.getAsLong() == 0;
        return changed || keeping ? offer(keeping) : Optional.empty();
    }

    /** What was not published yet, or not kept if it is to be kept as well; whatever the guards say, for somebody wants it so. */
    public Optional<Publication> publishNow(boolean checkpoint) {
        return changed || (checkpoint && !checkpointed) ? Optional.of(publish(checkpoint)) : Optional.empty();
    }

    /** The last version, if there is anything to say that was not said yet. */
    public Optional<Publication> finish() {
        return finished() ? Optional.empty() : offer(true);
    }

    /** Nothing was learned that is in no version. */
    public boolean isPublished() {
        return !changed;
    }

    /** There is nothing to say that was not said or is withheld, and nothing to keep that was not kept. */
    public boolean finished() {
        return withholding || (!changed && version > 0 && checkpointed);
    }

    public long steps() {
        return steps;
    }

    public long rows() {
        return rows;
    }

    public long version() {
        return version;
    }

    /** The weights as they are published. */
    public List<NamedTensor> weights() {
        return ModelTensors.weights(step);
    }

    /** Everything it is, as a value of its own. */
    public TrainerState state() {
        return state(weights());
    }

    private Learned learn(StepBatch batch, Consumer<Cause> stalled) {
        rows += batch.rows();
        Learned learned = guard.learn(batch.microBatches(), baseRate * schedule.after(steps), steps + 1);
        watch.look(batch.microBatches()).forEach(stalled);
        learned.report().ifPresent(watch::look);
        batch.release();
        features = batch.features();
        checkpointed = false;
        return learned;
    }

    /** Learns from rows that were learned from before; who counts rows or scores them has done so then. */
    private Learned learnAgain(StepBatch batch, Again again) {
        Learned learned =
                guard.learnAgain(batch.microBatches(), baseRate * schedule.after(steps) * again.weight(), steps + 1);
        guard.learnedAgain(again.step());
        batch.release();
        steps++;
        changed = true;
        checkpointed = false;
        return learned;
    }

    /** Writes down what a step was made of; rows that were left out go to the dead letters. */
    private void record(List<Range> ranges, List<Integer> poisoned, Optional<Again> again) {
        JournalRecord step =
                poisoned.isEmpty() ? JournalRecord.of(version, steps, topics, ranges) : withoutPoison(ranges, poisoned);
        write(again.map(step::repeating).orElse(step));
    }

    private JournalRecord withoutPoison(List<Range> ranges, List<Integer> poisoned) {
        RowOrigins.Found found = origins.find(ranges, poisoned);
        PoisonedRows.letters(found.rows()).forEach(pending::add);
        found.rows().forEach(origin -> tell(PoisonedRows.event(origin)));
        return JournalRecord.of(
                version,
                steps,
                topics,
                found.others(),
                found.rows().stream().map(RowOrigins.Origin::row).toList());
    }

    private void write(JournalRecord step) {
        pending.add(step);
        if (guard.learnsAgain()) {
            undone.history().add(step);
        }
    }

    private void tell(GuardEvent event) {
        log.warn("{}: step={} {}", event.name(), steps, event.fields());
        tell(new MetricEvent(event.name(), steps, version, now(), event.fields()));
    }

    private void tell(StepMetrics figures, long now) {
        if (metricsDue.due(steps, now)) {
            pending.add(figures);
            metricsDue.happened(now);
        }
        listener.stepped(figures);
    }

    private void tell(MetricEvent event) {
        pending.add(event);
        listener.happened(event);
    }

    private StepMetrics figures(StepReport report, double learningRate, double rowsPerSecond) {
        return new StepMetrics(
                steps,
                version,
                now(),
                rows,
                report.loss(),
                learningRate,
                report.gradientNorm(),
                report.clippedNorm(),
                report.clipped(),
                report.lossScale(),
                report.overflow(),
                report.skippedSteps(),
                progress.figures(),
                HealthFigures.ofLayers(report),
                HealthFigures.ofStep(report),
                lag.getAsLong(),
                rowsPerSecond);
    }

    /**
     * A version, unless the guards withhold it: then everything that belongs to it waits, and the first time a notice says why. More than
     * a bound does not wait.
     */
    private Optional<Publication> offer(boolean checkpoint) {
        Optional<String> reason = guard.withheld(steps);
        if (reason.isPresent() && !pending.isFull()) {
            if (withholding) {
                return Optional.empty();
            }
            withholding = true;
            return Optional.of(notice(GuardEvent.of("withheld", "reason", reason.get())));
        }
        reason.ifPresent(why -> tell(GuardEvent.of("not-withheld", "reason", why)));
        return Optional.of(publish(checkpoint));
    }

    private Publication notice(GuardEvent event) {
        log.warn("{}: step={} {}", event.name(), steps, event.fields());
        MetricEvent told = new MetricEvent(event.name(), steps, version, now(), event.fields());
        listener.happened(told);
        return Publication.notice(version, steps, rows, told);
    }

    private Publication publish(boolean checkpoint) {
        withholding = false;
        tellNotices();
        long now = nanos.getAsLong();
        if (version == 0 || changed) {
            version++;
        }
        versionsDue.happened(now);
        if (checkpoint) {
            checkpointsDue.happened(now);
            checkpointed = true;
        }
        List<NamedTensor> weights = weights();
        Optional<TrainerState> state = checkpoint ? Optional.of(state(weights)) : Optional.empty();
        state.ifPresent(this::hold);
        Publication publication = new Publication(
                version,
                steps,
                rows,
                now(),
                weights,
                positions,
                topics,
                pending.metrics,
                pending.journal,
                pending.rejected,
                pending.acknowledgements,
                state);
        pending.clear();
        changed = false;
        return publication;
    }

    /** It can be gone back to from now on. */
    private void hold(TrainerState state) {
        past.hold(state);
        undone.history().kept(state.step());
    }

    private TrainerState state(List<NamedTensor> weights) {
        return new TrainerState(
                name,
                steps,
                version,
                rows,
                positions,
                topics,
                journalStart,
                effective,
                weights,
                ModelTensors.state(step.snapshot()),
                features,
                progress.snapshot(),
                guard.state());
    }

    private Instant now() {
        return clock.instant();
    }
}
