package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.Embeddings;
import io.gradstream.autodiff.step.LossScale;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.Snapshot;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.autodiff.step.Updates;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.Setting;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training comes to the same bits in whatever order the card runs threads, blocks of them, and calls that do not depend on each other. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class SameBitsTest {
    private static final int ROWS = 12;
    private static final int STEPS = 4;
    private static final double RATE = 0.01;
    private static final List<InputColumn> COLUMNS = List.of(
            new InputColumn.Numeric("x"),
            new InputColumn.Numeric("y"),
            new InputColumn.Categorical("few", 3, 4),
            new InputColumn.Categorical("many", 1000, 4),
            new InputColumn.Bag("tags", 20, 3, Combine.MEAN));
    private static final Architecture NETWORK = new Architecture.Mlp(List.of(9, 7), Activation.TANH);

    /** What is trained. */
    enum Training {
        TABLES(spec(COLUMNS, NETWORK, OptimizerSpec.Adam.decoupled(0.01))
                .embeddings(Embeddings.LAZY)
                .build()),
        WHOLE_TABLES(spec(COLUMNS, NETWORK, OptimizerSpec.Adam.usual())
                .embeddings(Embeddings.EXACT)
                .build()),
        FACTORED(spec(COLUMNS, NETWORK, OptimizerSpec.Adafactor.usual()).build()),
        ROW_BY_ROW(spec(COLUMNS, new Architecture.Linear(), OptimizerSpec.Sgd.plain())
                .updates(Updates.ROW)
                .build()),
        ATTENTION(spec(
                        List.of(new InputColumn.Sequence("items", 30, 8, 5), new InputColumn.Numeric("x")),
                        new TransformerModel(1, 2, 16, 0.1, List.of(), Activation.RELU),
                        OptimizerSpec.Adam.usual())
                .build()),
        OVERFLOWING(spec(COLUMNS, NETWORK, OptimizerSpec.Adam.usual())
                .precision(Precision.FP16)
                .lossScale(new LossScale(0x1p30, 2, 0x1p-8, 2))
                .build());

        private final StepSpec spec;

        Training(StepSpec spec) {
            this.spec = spec;
        }

        private static StepSpec.Builder spec(
                List<InputColumn> columns, Architecture architecture, OptimizerSpec optimizer) {
            return StepSpec.of(new ModelSpec(columns, architecture, 1), Loss.BINARY_CROSS_ENTROPY, optimizer)
                    .microBatch(ROWS)
                    .accumulate(2)
                    .clip(new Clip.Norm(1))
                    .seed(7);
        }
    }

    /** What a step came to. */
    private record Step(double loss, double gradientNorm, boolean overflow) {
        static Step of(StepReport report) {
            return new Step(report.loss(), report.gradientNorm(), report.overflow());
        }
    }

    /** What training came to: every step, and every block of its state. */
    private record Outcome(List<Step> steps, Map<String, String> state) {}

    private final Emulator emulator = Emulator.load();

    @AfterEach
    void end() {
        emulator.set(Setting.SEED, 0);
    }

    @ParameterizedTest
    @EnumSource
    void trainingComesToTheSameBitsInAnyOrder(Training training) {
        Outcome inOrder = train(training.spec, 0);

        for (int seed = 1; seed < 4; seed++) {
            assertThat(train(training.spec, seed)).as("seed %s", seed).isEqualTo(inOrder);
        }
    }

    @Test
    void someStepsOverflowAndOthersDoNot() {
        assertThat(train(Training.OVERFLOWING.spec, 1).steps())
                .extracting(Step::overflow)
                .contains(true, false);
    }

    private Outcome train(StepSpec spec, long seed) {
        emulator.set(Setting.SEED, seed);
        List<Step> steps = new ArrayList<>();
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            for (int i = 0; i < STEPS; i++) {
                for (int part = 0; part < 2; part++) {
                    DrawnRows.fill(batch, spec.model(), 2L * i + part);
                    step.accumulate(batch, RATE);
                }
                steps.add(Step.of(step.step(RATE)));
            }
            return new Outcome(steps, state(step.snapshot()));
        }
    }

    private static Map<String, String> state(Snapshot snapshot) {
        Map<String, String> state = new TreeMap<>();
        snapshot.blocks()
                .forEach(block -> state.put(
                        block.name(), HexFormat.of().formatHex(block.bytes().toArray(JAVA_BYTE))));
        return state;
    }
}
