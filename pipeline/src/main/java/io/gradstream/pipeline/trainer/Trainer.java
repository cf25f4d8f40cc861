package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.LearningWatch.Cause;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.Schedule;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The owner of the model: predicts every row before it learns from it, takes steps, and says when a version is due.
 *
 * <p>Between two calls its state is always that between two steps. One thread at a time.
 */
public final class Trainer {
    private final String name;
    private final TrainingStep step;
    private final Progress progress;
    private final double baseRate;
    private final Schedule schedule;
    private final Cadence versionsDue;
    private final Cadence metricsDue;
    private final Cadence checkpointsDue;
    private final TrainingListener listener;
    private final LongSupplier lag;
    private final Clock clock;
    private final LongSupplier nanos;
    private final RowRate rate;
    private final StallWatch watch;

    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private List<NamedTensor> features = List.of();
    private long steps;
    private long rows;
    private long version;

    private final Pending pending = new Pending();
    /** Rows that are accumulated but in no step yet, because all of them weigh nothing. */
    private final List<Range> weightless = new ArrayList<>();

    private Replay replay = new Replay(Map.of(), Map.of());
    private boolean changed;
    private boolean checkpointed;

    /**
     * @param lag how many records wait to be read
     * @param nanos a clock that never jumps, for everything that is due in time
     */
    public Trainer(
            Configuration configuration,
            TrainingStep step,
            Progress progress,
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
        this.listener = listener;
        this.lag = lag;
        this.clock = clock;
        this.nanos = nanos;
        this.rate = new RowRate(now);
        this.watch = new StallWatch(step, configuration.training().watchEvery());
    }

    /** Goes on from a state, instead of from the beginning. */
    public void resume(Start start) {
        start.applyTo(step, progress);
        steps = start.step();
        rows = start.rows();
        version = start.version();
        positions.putAll(start.positions());
        features = start.features();
        replay = new Replay(start.positions(), start.published());
        checkpointed = start.exact();
    }

    /** Learns from the rows of one step. While all of them are known to the topic, what it makes keeps the number of the newest version. */
    public Optional<Publication> train(StepBatch batch) {
        absorb(batch);
        if (step.pendingWeight() > 0) {
            takeStep(batch.rows());
            long now = nanos.getAsLong();
            boolean checkpoint = checkpointsDue.due(steps, now);
            if (checkpoint || versionsDue.due(steps, now) || pending.isFull()) {
                return Optional.of(publish(checkpoint));
            }
        } else if (batch.rows() == 0 && !pending.rejected.isEmpty()) {
            return Optional.of(publish(false));
        }
        return Optional.empty();
    }

    /** The last version, if there is anything to say that was not said yet. */
    public Optional<Publication> finish() {
        if (changed || version == 0 || !checkpointed) {
            return Optional.of(publish(true));
        }
        return Optional.empty();
    }

    private void absorb(StepBatch batch) {
        double learningRate = baseRate * schedule.after(steps);
        for (MicroBatch microBatch : batch.microBatches()) {
            step.accumulate(microBatch, learningRate);
            progress.observe(microBatch, step.predictions(), step.losses());
        }
        for (Cause cause : watch.look(batch.microBatches())) {
            pending.add(StallWatch.event(cause, steps, version, now()));
        }
        batch.release();
        rows += batch.rows();
        positions.putAll(batch.positions());
        features = batch.features();
        weightless.addAll(batch.ranges());
        batch.rejected().stream().filter(each -> !replay.knows(each)).forEach(pending::add);
        replay.reached(batch.positions());
        pending.acknowledgements.addAll(batch.acknowledgements());
        changed = true;
        checkpointed = false;
    }

    private void takeStep(int batchRows) {
        double learningRate = baseRate * schedule.after(steps);
        StepReport report = step.step(learningRate);
        watch.look(report);
        steps++;
        pending.add(new JournalRecord(version, steps, weightless));
        weightless.clear();
        long now = nanos.getAsLong();
        StepMetrics figures = figures(report, learningRate, rate.add(batchRows, now));
        if (metricsDue.due(steps, now)) {
            pending.add(figures);
            metricsDue.happened(now);
        }
        listener.stepped(figures);
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

    private Publication publish(boolean checkpoint) {
        long now = nanos.getAsLong();
        if (version == 0 || (changed && replay.over())) {
            version++;
        }
        versionsDue.happened(now);
        if (checkpoint) {
            checkpointsDue.happened(now);
            checkpointed = true;
        }
        List<NamedTensor> weights = ModelTensors.weights(step);
        Publication publication = new Publication(
                version,
                steps,
                rows,
                now(),
                weights,
                positions,
                pending.metrics,
                pending.journal,
                pending.rejected,
                pending.acknowledgements,
                checkpoint ? Optional.of(state(weights)) : Optional.empty());
        pending.clear();
        changed = false;
        return publication;
    }

    private TrainerState state(List<NamedTensor> weights) {
        return new TrainerState(
                name,
                steps,
                version,
                rows,
                positions,
                weights,
                ModelTensors.state(step.snapshot()),
                features,
                progress.snapshot());
    }

    private Instant now() {
        return clock.instant();
    }
}
