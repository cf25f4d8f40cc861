package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.all;
import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.rows;
import static io.gradstream.autodiff.step.Batches.spec;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.diagnose.MissingZeroException;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RestoreTest {
    private static final OptimizerSpec ADAM = OptimizerSpec.Adam.usual();
    private static final OptimizerSpec NESTEROV = new OptimizerSpec.Sgd(0.9, 0, true, 0);
    private static final int ROWS = 10;

    static Stream<StepSpec> specs() {
        return Stream.of(ADAM, NESTEROV)
                .flatMap(optimizer ->
                        Stream.of(Precision.FP32, Precision.FP16).map(precision -> of(optimizer, precision, 12)));
    }

    /** An interval of 3 makes the loss scale grow before and after the snapshot, which lies between the micro-batches of a step. */
    @ParameterizedTest
    @MethodSource("specs")
    void goesOnBitForBit(StepSpec spec) {
        try (Device device = Devices.one();
                TrainingStep first = new TrainingStep(spec, device);
                TrainingStep second = new TrainingStep(spec, device)) {
            train(first, 0, 9);
            Snapshot middle = first.snapshot();
            train(first, 9, 20);
            second.restore(middle);
            assertSame(second.snapshot(), middle);
            train(second, 9, 20);
            assertSame(second.snapshot(), first.snapshot());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FP32", "BF16"})
    void refusesALossScaleThatItsPrecisionDoesNotKeep(Precision precision) {
        Snapshot scaled = snapshot(of(ADAM, Precision.FP16, 12));
        assertRefuses(
                of(ADAM, precision, 12),
                scaled,
                "snapshot must be of the same precision: precision=" + precision + " lossScale=65536.0");
    }

    @Test
    void refusesMomentsOfAnotherOptimizer() {
        assertRefuses(
                of(NESTEROV, Precision.FP32, 12),
                snapshot(of(ADAM, Precision.FP32, 12)),
                "snapshot must be of the same optimizer: block=moment.1.mlp.0.bias expected=none actual=F32[12]");
        assertRefuses(
                of(ADAM, Precision.FP32, 12),
                snapshot(of(NESTEROV, Precision.FP32, 12)),
                "snapshot must be of the same optimizer: block=moment.1.mlp.0.bias expected=F32[12] actual=none");
    }

    @Test
    void refusesAnotherModel() {
        assertRefuses(
                of(ADAM, Precision.FP32, 12),
                snapshot(of(ADAM, Precision.FP32, 13)),
                "snapshot must be of the same model: block=gradient.mlp.0.bias expected=F32[12] actual=F32[13]");
    }

    @Test
    void refusesGradientsThatBelongToNoRow() {
        StepSpec spec = of(ADAM, Precision.FP32, 12);
        Snapshot pending = snapshot(spec, 3);
        List<Snapshot.Block> mixed = snapshot(spec).blocks().stream()
                .map(block -> block.name().equals("gradient.mlp.0.bias")
                        ? pending.find(block.name()).orElseThrow()
                        : block)
                .toList();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            float[] before = all(step);
            assertThatThrownBy(() -> step.restore(new Snapshot(mixed)))
                    .isInstanceOf(MissingZeroException.class)
                    .hasMessageStartingWith(
                            "accumulated gradients must be zero before the next step: node=gradient.mlp.0.bias "
                                    + "elements=12 nonZero=");
            assertThat(all(step)).containsExactly(before);
        }
    }

    private static void assertRefuses(StepSpec spec, Snapshot snapshot, String message) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            float[] before = all(step);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> step.restore(snapshot))
                    .withMessage(message);
            assertThat(all(step)).containsExactly(before);
        }
    }

    private static void assertSame(Snapshot actual, Snapshot expected) {
        List<String> names = new ArrayList<>();
        for (Snapshot.Block block : expected.blocks()) {
            names.add(block.name());
            assertThat(actual.find(block.name()).orElseThrow().bytes().toArray(JAVA_BYTE))
                    .as(block.name())
                    .containsExactly(block.bytes().toArray(JAVA_BYTE));
        }
        assertThat(actual.blocks()).extracting(Snapshot.Block::name).containsExactlyElementsOf(names);
    }

    private static Snapshot snapshot(StepSpec spec) {
        return snapshot(spec, 2);
    }

    private static Snapshot snapshot(StepSpec spec, int microBatches) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            train(step, 0, microBatches);
            return step.snapshot();
        }
    }

    private static StepSpec of(OptimizerSpec optimizer, Precision precision, int hidden) {
        StepSpec spec = spec(mlp(4, 1, Activation.RELU, hidden), Loss.BINARY_CROSS_ENTROPY, optimizer, ROWS, 2);
        return Batches.with(spec, precision, new LossScale(65536, 2, 0.5, 3));
    }

    /** Trains on micro-batches from one number to another, and takes a step after every second one. */
    private static void train(TrainingStep step, int from, int to) {
        float[][] rows = rows(ROWS * to, 4);
        float[] labels = new float[rows.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = rows[i][0] > rows[i][1] ? 1 : 0;
        }
        try (MicroBatch batch = new MicroBatch(step.spec().model(), ROWS)) {
            for (int i = from; i < to; i++) {
                fill(batch, rows, labels, i * ROWS, (i + 1) * ROWS);
                step.accumulate(batch);
                if (i % 2 == 1) {
                    step.step(0.01);
                }
            }
        }
    }
}
