package io.gradstream.pipeline.guard;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.autodiff.step.Updates;
import io.gradstream.config.GuardSettings;
import io.gradstream.config.LossType;
import io.gradstream.config.PoisonSettings;
import io.gradstream.config.PoisonSettings.Unresolved;
import io.gradstream.config.RollbackSettings;
import io.gradstream.pipeline.progress.Progress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardTest {
    private static final int ROWS = 64;
    private static final double RATE = 0.01;

    private static final GuardSettings USUAL = settings(256, Optional.empty());

    private static GuardSettings settings(int tries, Optional<RollbackSettings> rollback) {
        return new GuardSettings(
                new PoisonSettings(true, tries, Unresolved.SKIP), 64, Optional.empty(), rollback, Optional.empty());
    }

    /** The rows are in two micro-batches; all bad ones are found, whether rows learn together or one by one. */
    @ParameterizedTest
    @EnumSource
    void leavesOutExactlyTheBadRows(Updates updates) {
        Set<Integer> bad = Set.of(0, 31, 32, 63);
        try (CpuDevice device = CpuDevice.open();
                TrainingStep guarded = new TrainingStep(spec(updates), device);
                TrainingStep clean = new TrainingStep(spec(updates), device)) {
            Learned learned = learn(guard(guarded, USUAL), guarded, rows(bad), 1);
            assertThat(learned.poisoned()).containsExactly(0, 31, 32, 63);
            assertThat(learned.events()).isEmpty();
            StepReport report = learned.report().orElseThrow();
            assertThat(report.overflow()).isFalse();
            assertThat(report.rows()).isEqualTo(60);

            Learned others = learn(
                    guard(clean, USUAL), clean, List.of(numbers(0, 32, bad), numbers(32, ROWS, bad)), Map.of(), 1);
            assertThat(others.poisoned()).isEmpty();
            assertThat(weights(guarded)).isEqualTo(weights(clean));
        }
    }

    @Test
    void givesUpWhenTooManyRowsAreBad() {
        try (CpuDevice device = CpuDevice.open();
                TrainingStep step = new TrainingStep(spec(Updates.STEP), device)) {
            List<Float> before = weights(step);
            Learned learned = learn(guard(step, settings(8, Optional.empty())), step, rows(Set.of(1, 9, 40)), 1);
            assertThat(learned.poisoned()).isEmpty();
            assertThat(learned.report()).isEmpty();
            assertThat(learned.events()).extracting(GuardEvent::name).containsExactly("not-finite-step");
            assertThat((int) requireNonNull(learned.events().getFirst().fields().get("tries")))
                    .isBetween(8, 10);
            assertThat(weights(step)).isEqualTo(before);
        }
    }

    @Test
    void blamesNoRowForWeightsThatAreNotFinite() {
        try (CpuDevice device = CpuDevice.open();
                TrainingStep step = new TrainingStep(spec(Updates.STEP), device);
                Arena arena = Arena.ofConfined()) {
            step.setParameter("linear.bias", arena.allocateFrom(JAVA_FLOAT, Float.NaN));
            Learned learned = learn(guard(step, USUAL), step, rows(Set.of()), 1);
            assertThat(learned.poisoned()).isEmpty();
            assertThat(learned.events())
                    .singleElement()
                    .isEqualTo(GuardEvent.of("not-finite-model", "parameter", "linear.bias"));
        }
    }

    @Test
    void goesBackFurtherEachTimeAndNotForEver() {
        RollbackSettings limits = new RollbackSettings(4, 2, 2, 100, 2, RollbackSettings.Undone.SKIP, 0.1);
        try (CpuDevice device = CpuDevice.open();
                TrainingStep step = new TrainingStep(spec(Updates.STEP), device)) {
            Guard guard = guard(step, settings(2, Optional.of(limits)));
            for (long number = 1; number <= 2; number++) {
                assertThat(guard.diverged(number)).isEmpty();
                learn(guard, step, rows(Set.of(1, 9, 40)), number);
            }
            assertThat(guard.diverged(2)).hasValue("steps that were not finite: in a row=2");
            assertThat(guard.mayReturn(2, 1, List.of())).isTrue();
            guard.rolledBack(50, 40);
            assertThat(guard.diverged(51)).isEmpty();
            assertThat(guard.mayReturn(60, 40, List.of())).isFalse();
            assertThat(guard.mayReturn(60, 30, List.of())).isTrue();
            guard.rolledBack(60, 30);
            learn(guard, step, rows(Set.of(1, 9, 40)), 61);
            learn(guard, step, rows(Set.of(1, 9, 40)), 62);
            assertThat(guard.diverged(62)).isEmpty();
            assertThat(guard.diverged(161)).isPresent();

            Guard restored = guard(step, settings(2, Optional.of(limits)));
            restored.restore(guard.state());
            assertThat(restored.diverged(62)).isEmpty();
            assertThat(restored.diverged(161)).isPresent();
            assertThat(restored.mayReturn(200, 199, guard.state()))
                    .as("an unhealthy state")
                    .isFalse();
        }
    }

    private static StepSpec spec(Updates updates) {
        ModelSpec model = new ModelSpec(
                List.of(new InputColumn.Numeric("x"), new InputColumn.Categorical("site", 50, 3)),
                new Architecture.Linear(),
                1);
        return StepSpec.of(model, Loss.MSE, OptimizerSpec.Sgd.plain())
                .microBatch(32)
                .accumulate(2)
                .updates(updates)
                .build();
    }

    private static Guard guard(TrainingStep step, GuardSettings settings) {
        return new Guard(settings, step, new Progress(LossType.MSE, 1));
    }

    private static float label(int row) {
        return row % 3;
    }

    private static Map<Integer, Float> rows(Set<Integer> bad) {
        Map<Integer, Float> labels = new HashMap<>();
        bad.forEach(row -> labels.put(row, 1e30f));
        return labels;
    }

    private static List<Integer> numbers(int from, int to, Set<Integer> but) {
        return IntStream.range(from, to)
                .filter(row -> !but.contains(row))
                .boxed()
                .toList();
    }

    private static Learned learn(Guard guard, TrainingStep step, Map<Integer, Float> labels, long number) {
        return learn(guard, step, List.of(numbers(0, 32, Set.of()), numbers(32, ROWS, Set.of())), labels, number);
    }

    /** Learns from rows of some numbers, of which some have labels of their own. */
    private static Learned learn(
            Guard guard, TrainingStep step, List<List<Integer>> numbers, Map<Integer, Float> labels, long number) {
        try (MicroBatch first = new MicroBatch(step.spec().model(), 32);
                MicroBatch second = new MicroBatch(step.spec().model(), 32)) {
            fill(first, numbers.get(0), labels);
            fill(second, numbers.get(1), labels);
            return guard.learn(List.of(first, second), RATE, number);
        }
    }

    private static void fill(MicroBatch batch, List<Integer> numbers, Map<Integer, Float> labels) {
        batch.rows(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            int row = numbers.get(i);
            batch.dense().setAtIndex(JAVA_FLOAT, i, (float) Math.sin(row));
            batch.ids(0).setAtIndex(JAVA_INT, i, row * 7 % 50);
            batch.label().setAtIndex(JAVA_FLOAT, i, labels.getOrDefault(row, label(row)));
        }
    }

    private static List<Float> weights(TrainingStep step) {
        List<Float> weights = new ArrayList<>();
        for (ParameterView parameter : step.parameters()) {
            for (float value : parameter.values()) {
                weights.add(value);
            }
        }
        return weights;
    }
}
