package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
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

/** What a training step asks of the card: graphs, and one wait where its report is read, whatever happens to the loss scale in it. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class CapturedStepTest {
    private static final int ROWS = 8;

    private final Emulator emulator = Emulator.load();

    @Test
    void aStepLaunchesItsGraphsAndWaitsForNothingButItsReport() {
        LeakCheck leaks = LeakCheck.begin();
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec(), device);
                MicroBatch batch = new MicroBatch(spec().model(), ROWS)) {
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

    @Test
    void theLossScaleFallsAndGrowsWithoutTheHost() {
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec(), device);
                MicroBatch batch = new MicroBatch(spec().model(), ROWS)) {
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
        batch.rows(ROWS);
        for (int i = 0; i < ROWS; i++) {
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * i, (float) Math.sin(i));
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * i + 1, (float) Math.cos(i));
            batch.label().setAtIndex(JAVA_FLOAT, i, i % 2);
        }
        step.accumulate(batch);
        step.step(0.01);
    }

    private static StepSpec spec() {
        ModelSpec model = new ModelSpec(
                List.of(new Numeric("x"), new Numeric("y")), new Architecture.Mlp(List.of(6), Activation.TANH), 1);
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .microBatch(ROWS)
                .accumulate(1)
                .seed(7)
                .precision(Precision.FP16)
                .lossScale(new LossScale(0x1p40, 2, 0.5, 4))
                .clip(new Clip.Norm(1))
                .build();
    }
}
