package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.Snapshot;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.Setting;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables learn the same bits in whatever order threads run, also of rows so common that a whole block of threads adds them up. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class TableOrderTest {
    private static final int ROWS = 320;
    private static final int TAGS = 3;

    private Emulator emulator;

    @BeforeEach
    void begin() {
        emulator = Emulator.load();
    }

    @AfterEach
    void end() {
        emulator.set(Setting.SEED, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20261122})
    void theSameBitsAreLearnedInEveryOrder(long seed) {
        Map<String, ByteBuffer> usual = train(0);

        assertThat(train(seed)).containsAllEntriesOf(usual).hasSameSizeAs(usual);
    }

    /** What is left of two steps and a half. */
    private Map<String, ByteBuffer> train(long seed) {
        emulator.set(Setting.SEED, seed);
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(spec(), device);
                MicroBatch batch = new MicroBatch(spec().model(), ROWS)) {
            for (int i = 0; i < 5; i++) {
                fill(batch, i);
                step.accumulate(batch);
                if (i % 2 == 1) {
                    step.step(0.1);
                }
            }
            return step.snapshot().blocks().stream()
                    .collect(toMap(Snapshot.Block::name, block -> block.bytes().asByteBuffer()));
        }
    }

    /** Sites that come often, and once; tags that come often, and bags of which some are empty. */
    private static void fill(MicroBatch batch, int number) {
        batch.rows(ROWS);
        batch.ensureBagCapacity(0, ROWS * TAGS);
        int tags = 0;
        for (int row = 0; row < ROWS; row++) {
            batch.dense().setAtIndex(JAVA_FLOAT, row, (float) Math.sin(row + number));
            batch.label().setAtIndex(JAVA_FLOAT, row, row % 2);
            batch.ids(0).setAtIndex(JAVA_INT, row, row % 3 == 0 ? (row * 31 + number) % 500 : row % 2);
            batch.bagOffsets(0).setAtIndex(JAVA_INT, row, tags);
            for (int i = 0; i < row % (TAGS + 1); i++) {
                batch.bagIds(0).setAtIndex(JAVA_INT, tags++, (row + i * number) % 7);
            }
        }
        batch.bagOffsets(0).setAtIndex(JAVA_INT, ROWS, tags);
    }

    private static StepSpec spec() {
        ModelSpec model = new ModelSpec(
                List.of(new Numeric("age"), new Categorical("site", 500, 16), new Bag("tags", 7, 3, Combine.MEAN)),
                new Architecture.Mlp(List.of(4), Activation.TANH),
                1);
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .microBatch(ROWS)
                .accumulate(2)
                .seed(7)
                .build();
    }
}
