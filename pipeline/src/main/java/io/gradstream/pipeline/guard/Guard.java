package io.gradstream.pipeline.guard;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.DriftSettings;
import io.gradstream.config.GateSettings;
import io.gradstream.config.GuardSettings;
import io.gradstream.config.PoisonSettings.Unresolved;
import io.gradstream.config.RollbackSettings;
import io.gradstream.config.RollbackSettings.Undone;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.pipeline.progress.Progress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Stands between the rows and the model: takes every step, leaves out what would poison it, and knows how the model is doing.
 *
 * <p>What it decides is a function of its state and the rows alone, so that whoever learns from the same rows once more decides the same.
 */
public final class Guard {
    private static final String HEALTHY = "healthy";
    private static final RollbackSettings USUAL = new RollbackSettings(4, 2, 10, 1000, 3, Undone.SKIP, 0.1);

    private final GuardSettings settings;
    private final RollbackSettings limits;
    private final TrainingStep step;
    private final Progress progress;
    private final Blame blame;
    private final Predictions predictions;
    private final Health health;
    private final DriftWatch drift;
    private final Rollbacks rollbacks;

    public Guard(GuardSettings settings, TrainingStep step, Progress progress) {
        this.settings = settings;
        this.limits = settings.rollback().orElse(USUAL);
        this.step = step;
        this.progress = progress;
        blame = new Blame(step, settings.poison().tries());
        predictions = new Predictions(step.spec().model().outputs(), step.spec().microBatch());
        health = new Health(settings.recentRows());
        drift = new DriftWatch(settings.drift());
        rollbacks = new Rollbacks(limits);
    }

    /**
     * Learns from the rows of a step. Those that poison it are no longer among them afterwards.
     *
     * @param rate the learning rate that the schedule wants
     * @param number of the step, the first being 1
     */
    public Learned learn(List<MicroBatch> rows, double rate, long number) {
        return learn(rows, rate, number, true);
    }

    /** Learns once more from the rows of a step that was undone. They were scored when they came, and that they are odd is known. */
    public Learned learnAgain(List<MicroBatch> rows, double rate, long number) {
        return learn(rows, rate, number, false);
    }

    private Learned learn(List<MicroBatch> rows, double rate, long number, boolean unseen) {
        double learningRate = rate * drift.rate(number);
        List<Integer> poisoned = new ArrayList<>();
        List<GuardEvent> events = new ArrayList<>();
        Optional<StepReport> report = take(rows, learningRate);
        if (settings.poison().blame() && report.filter(StepReport::overflow).isPresent()) {
            step.undo();
            report = retake(rows, learningRate, poisoned, events);
        }
        if (unseen) {
            observe(rows, number, events);
            health.step(report, limits.spike());
        }
        return new Learned(report, learningRate, poisoned, events);
    }

    /** Rows of which none weighs anything make a step that changes nothing. */
    private Optional<StepReport> take(List<MicroBatch> rows, double learningRate) {
        List<MicroBatch> some = rows.stream().filter(batch -> batch.rows() > 0).toList();
        boolean counts = some.stream().mapToDouble(MicroBatch::totalWeight).sum() > 0;
        for (MicroBatch batch : counts ? some.subList(0, some.size() - 1) : some) {
            step.accumulate(batch, learningRate);
        }
        Optional<StepReport> report = counts ? Optional.of(step.step(some.getLast(), learningRate)) : Optional.empty();
        keepPredictions(rows);
        if (!counts) {
            step.undo();
        }
        return report;
    }

    private void keepPredictions(List<MicroBatch> rows) {
        int seen = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).rows() > 0) {
                predictions.keep(i, step, seen++);
            }
        }
    }

    private Optional<StepReport> retake(
            List<MicroBatch> rows, double learningRate, List<Integer> poisoned, List<GuardEvent> events) {
        return switch (blame.judge(rows, learningRate)) {
            case Verdict.Overflow() -> take(rows, learningRate);
            case Verdict.Model(String parameter) -> {
                events.add(GuardEvent.of("not-finite-model", "parameter", parameter));
                yield Optional.empty();
            }
            case Verdict.Rows(BitSet bad) -> {
                leaveOut(rows, bad, poisoned);
                yield take(rows, learningRate);
            }
            case Verdict.Nobody(int tries) -> {
                events.add(GuardEvent.of("not-finite-step", "tries", tries));
                if (settings.poison().otherwise() == Unresolved.DEAD_LETTER) {
                    BitSet all = new BitSet();
                    all.set(0, rows.stream().mapToInt(MicroBatch::rows).sum());
                    leaveOut(rows, all, poisoned);
                }
                yield Optional.empty();
            }
        };
    }

    private static void leaveOut(List<MicroBatch> rows, BitSet bad, List<Integer> poisoned) {
        bad.stream().forEach(poisoned::add);
        int first = 0;
        for (MicroBatch batch : rows) {
            int count = batch.rows();
            BitSet kept = new BitSet();
            kept.set(0, count);
            kept.andNot(bad.get(first, first + count));
            batch.keep(kept);
            first += count;
        }
    }

    private void observe(List<MicroBatch> rows, long number, List<GuardEvent> events) {
        for (int i = 0; i < rows.size(); i++) {
            MicroBatch batch = rows.get(i);
            if (batch.rows() == 0) {
                continue;
            }
            predictions.score(i, batch, progress);
            OptionalDouble loss = predictions.loss(i, batch);
            if (loss.isPresent()) {
                health.loss(loss.getAsDouble(), batch.rows());
                drift.add(loss.getAsDouble(), number).forEach(found -> react(found, number, events));
            }
        }
    }

    private void react(DriftWatch.Found found, long number, List<GuardEvent> events) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("detector", found.detector());
        fields.put("mean_before", found.drift().before());
        fields.put("mean_after", found.drift().after());
        fields.put("width", found.drift().width());
        List<String> patterns = settings.drift().map(DriftSettings::reset).orElse(List.of());
        if (!patterns.isEmpty()) {
            fields.put("reset", String.join(" ", step.reinitialize(patterns, number)));
        }
        events.add(new GuardEvent("drift", fields));
        health.restart();
    }

    /** Why the model has to go back after a step, if it has to. */
    public Optional<String> diverged(long number) {
        if (settings.rollback().isEmpty() || !rollbacks.mayFollow(number)) {
            return Optional.empty();
        }
        if (health.skippedInARow() >= limits.skipped()) {
            return Optional.of("steps that were not finite: in a row=" + health.skippedInARow());
        }
        if (health.isSpiky() && health.isWorse(limits.worse())) {
            return Optional.of(
                    "spikes, and a loss that is worse: recent=" + health.recent() + " best=" + health.best());
        }
        return Optional.empty();
    }

    /** Whether the model may go back, after a step, to the state after an earlier one. */
    public boolean mayReturn(long number, long earlier, List<NamedTensor> remembered) {
        return rollbacks.mayReach(number, earlier)
                && remembered.stream()
                        .filter(tensor -> tensor.name().equals(HEALTHY))
                        .allMatch(tensor -> tensor.doubles()[0] == 1);
    }

    /** The model has gone back, after a step, to what it was after an earlier one. */
    public void rolledBack(long number, long earlier) {
        rollbacks.happened(number, earlier);
        if (!learnsAgain()) {
            rollbacks.learnedAgain(number);
        }
        health.rolledBack();
    }

    /** Whether steps that were undone are learned from once more. */
    public boolean learnsAgain() {
        return switch (limits.undone()) {
            case SKIP -> false;
            case DOWNWEIGHT -> true;
        };
    }

    /** The steps that were undone by a rollback and are still to be learned from once more. */
    public Optional<Stretch> undone() {
        return learnsAgain() ? rollbacks.undone() : Optional.empty();
    }

    /** What the learning rate is multiplied by for them. */
    public double weight() {
        return limits.weight();
    }

    /** Of the steps that were undone, those up to this one were learned from once more, or cannot be. */
    public void learnedAgain(long step) {
        rollbacks.learnedAgain(step);
    }

    /** There is nothing to go back to. */
    public void cannotReturn(long number) {
        rollbacks.giveUp(number);
    }

    /** Why the present weights are not to be published, if they are not. */
    public Optional<String> withheld(long number) {
        if (settings.publish().isEmpty()) {
            return Optional.empty();
        }
        GateSettings gates = settings.publish().get();
        if (health.isWorse(gates.worse())) {
            return Optional.of("the loss is worse: recent=" + health.recent() + " best=" + health.best());
        }
        if (health.skippedShare() > gates.skipped()) {
            return Optional.of("steps were skipped: share=" + health.skippedShare());
        }
        if (health.spike() > gates.spike()) {
            return Optional.of("the gradient's norm is a spike: deviations=" + health.spike());
        }
        if (drift.since(number) < gates.drift()) {
            return Optional.of("the stream has drifted: steps since=" + (long) drift.since(number));
        }
        return Optional.empty();
    }

    /** Whether a model in this state is one to go back to. */
    private boolean isHealthy() {
        return health.skippedInARow() == 0 && !health.isSpiky() && !health.isWorse((limits.worse() + 1) / 2);
    }

    /** Everything it remembers, and whether the model is healthy. */
    public List<NamedTensor> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(HEALTHY, new double[] {isHealthy() ? 1 : 0});
        state.put("health", health.state());
        state.put("rollbacks", rollbacks.state());
        state.putAll(drift.state());
        List<NamedTensor> tensors = new ArrayList<>();
        state.forEach((name, values) -> tensors.add(NamedTensor.of(name, values, values.length)));
        return tensors;
    }

    /** Goes on from a state; what that knows nothing of begins anew. */
    public void restore(List<NamedTensor> state) {
        Map<String, double[]> found = new HashMap<>();
        state.forEach(tensor -> found.put(tensor.name(), tensor.doubles()));
        if (found.containsKey("health")) {
            health.restore(found.get("health"));
        }
        if (found.containsKey("rollbacks")) {
            rollbacks.restore(found.get("rollbacks"));
        }
        drift.restore(found);
    }
}
