package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.LossScale;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.emulator.Counter;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.LeakCheck;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training step asks of the card: graphs, and one wait where its report is read, whatever happens to the loss scale in it. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class CapturedStepTest {
    private static final int ROWS = 8;

    private final Emulator emulator = Emulator.load();

    static List<StepSpec> specs() {
        return List.of(spec(dense()), spec(tables()));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aStepLaunchesItsGraphsAndWaitsForNothingButItsReport(StepSpec spec) {
        LeakCheck leaks = LeakCheck.begin();
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            train(step, batch);
            long graphs = emulator.count(Counter.GRAPH_LAUNCHES);
            long waits = emulator.count(Counter.SYNCHRONIZATIONS);
            long allocations = emulator.count(Counter.ALLOCATIONS);

            step.accumulate(batch);
            assertThat(emulator.count(Counter.GRAPH_LAUNCHES)).isEqualTo(graphs + 1);
            assertThat(emulator.count(Counter.SYNCHRONIZATIONS)).isEqualTo(waits);
            step.step(0.01);
            assertThat(emulator.count(Counter.GRAPH_LAUNCHES)).isEqualTo(graphs + 2);
            assertThat(emulator.count(Counter.SYNCHRONIZATIONS)).isEqualTo(waits + 1);
            assertThat(emulator.count(Counter.ALLOCATIONS)).isEqualTo(allocations);
        }
        leaks.end();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aStepThatEndsWithItsLastMicroBatchIsOneGraph(StepSpec spec) {
        LeakCheck leaks = LeakCheck.begin();
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            DrawnRows.fill(batch, spec.model(), 1);
            for (int i = 0; i < 3; i++) {
                step.step(batch, 0.01);
            }
            long graphs = emulator.count(Counter.GRAPH_LAUNCHES);
            long waits = emulator.count(Counter.SYNCHRONIZATIONS);
            long allocations = emulator.count(Counter.ALLOCATIONS);
            for (int i = 1; i <= 8; i++) {
                step.take(batch, 0.01);
                assertThat(emulator.count(Counter.GRAPH_LAUNCHES)).isEqualTo(graphs + i);
            }
            assertThat(emulator.count(Counter.SYNCHRONIZATIONS))
                    .as("while eight steps are taken")
                    .isEqualTo(waits);
            while (step.reportsDue() > 0) {
                step.report();
            }
            assertThat(step.predictions().byteSize()).isEqualTo(ROWS * Float.BYTES);
            assertThat(emulator.count(Counter.ALLOCATIONS)).isEqualTo(allocations);
        }
        leaks.end();
    }

    @Test
    void theLossScaleFallsAndGrowsWithoutTheHost() {
        StepSpec spec = spec(dense());
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            boolean overflowed = false;
            double lowest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 60; i++) {
                train(step, batch);
                overflowed |= step.lossScale() < 0x1p40;
                lowest = Math.min(lowest, step.lossScale());
            }
            assertThat(overflowed).isTrue();
            assertThat(step.lossScale()).as("after good steps").isGreaterThan(lowest);
        }
    }

    private static void train(TrainingStep step, MicroBatch batch) {
        DrawnRows.fill(batch, step.spec().model(), 1);
        step.accumulate(batch);
        step.step(0.01);
    }

    private static StepSpec spec(List<InputColumn> columns) {
        ModelSpec model = new ModelSpec(columns, new Architecture.Mlp(List.of(6), Activation.TANH), 1);
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .microBatch(ROWS)
                .accumulate(1)
                .seed(7)
                .precision(Precision.FP16)
                .lossScale(new LossScale(0x1p40, 2, 0.5, 4))
                .clip(new Clip.Norm(1))
                .build();
    }

    private static List<InputColumn> dense() {
        return List.of(new InputColumn.Numeric("x"), new InputColumn.Numeric("y"));
    }

    /** Columns whose lookups and updates run side by side. */
    private static List<InputColumn> tables() {
        return List.of(
                new InputColumn.Numeric("x"),
                new InputColumn.Categorical("a", 9, 4),
                new InputColumn.Categorical("b", 9, 4),
                new InputColumn.Categorical("c", 9, 4));
    }
}
