package io.gradstream.load.twin;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.Embeddings;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.load.peer.PeerBatch;
import io.gradstream.load.peer.PeerPrecision;
import io.gradstream.load.peer.PeerRows;
import io.gradstream.load.peer.PeerTables;
import io.gradstream.load.peer.PeerTrainer;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Lazy updates of tables against sparse gradients and SparseAdam: 100 steps of three weighted, clipped micro-batches on tables of which a
 * step touches a small part. Epsilon is next to nothing, because SparseAdam adds it before the correction of bias and Adam after it.
 */
@Needs(Tool.LIBTORCH)
class LazyAgreementTest {
    private static final int STEPS = 100;
    private static final int MICRO_BATCH = 16;
    private static final int ACCUMULATE = 3;
    private static final double LEARNING_RATE = 0.005;

    private static final ModelSpec MODEL = new ModelSpec(
            List.of(
                    new InputColumn.Numeric("a"),
                    new InputColumn.Categorical("site", 2000, 4),
                    new InputColumn.Bag("tags", 900, 3, Combine.MEAN),
                    new InputColumn.Bag("words", 1300, 2, Combine.SUM),
                    new InputColumn.Categorical("country", 7, 16)),
            new Architecture.Mlp(List.of(24, 12), Activation.TANH),
            1);

    @TestFactory
    Stream<DynamicTest> lazyUpdatesAreThoseOfSparseAdam() {
        return Stream.of(PeerPrecision.FLOAT, PeerPrecision.DOUBLE)
                .map(precision -> dynamicTest(precision.name(), () -> train(precision)));
    }

    private static void train(PeerPrecision precision) {
        StepSpec spec = StepSpec.of(
                        MODEL, Loss.BINARY_CROSS_ENTROPY, new OptimizerSpec.Adam(0.9, 0.99, 1e-15, 0, false))
                .clip(new Clip.Norm(0.1))
                .microBatch(MICRO_BATCH)
                .accumulate(ACCUMULATE)
                .embeddings(Embeddings.LAZY)
                .build();
        try (Device device = CpuDevice.open();
                TrainingStep ours = new TrainingStep(spec, device);
                MicroBatch microBatch = new MicroBatch(MODEL, MICRO_BATCH);
                PeerTrainer peer = PeerTwin.trainer(spec, precision, PeerTables.SPARSE)) {
            SequencedMap<String, float[]> first = FirstWeights.of(MODEL, 3);
            first.forEach((name, values) -> OurWeights.set(ours, name, values));
            peer.setParameters(first);
            SyntheticRows rows = new SyntheticRows(MODEL, spec.loss(), true, 5);
            for (int step = 1; step <= STEPS; step++) {
                List<PeerRows> parts = step == STEPS
                        ? List.of(rows.next(MICRO_BATCH), rows.next(5))
                        : List.of(rows.next(MICRO_BATCH), rows.next(MICRO_BATCH), rows.next(MICRO_BATCH));
                double weight =
                        parts.stream().mapToDouble(PeerRows::totalWeight).sum();
                for (PeerRows part : parts) {
                    MicroBatches.fill(microBatch, spec.loss(), part);
                    ours.accumulate(microBatch);
                    try (PeerBatch batch = peer.batch(part)) {
                        peer.accumulate(batch, weight);
                    }
                }
                double norm = ours.step(LEARNING_RATE).gradientNorm();
                Agreement.of("norm of step " + step, norm, peer.step(LEARNING_RATE))
                        .require();
            }
            for (String name : first.sequencedKeySet()) {
                Agreement.of(name, OurWeights.get(ours, name), peer.parameterValues(name))
                        .require();
            }
        }
    }
}
