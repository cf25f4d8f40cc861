package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.step.Visits.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotRingTest {
    private static final int ROWS = 6;

    static Stream<StepSpec> specs() {
        return Stream.of(Precision.FP32, Precision.FP16)
                .flatMap(precision -> Stream.of(Embeddings.values())
                        .map(embeddings -> spec(OptimizerSpec.Adam.decoupled(0.01), precision, embeddings)));
    }

    /** One run goes straight on; the other is led astray by huge and by infinite rows after the same step, and comes back. */
    @ParameterizedTest
    @MethodSource("specs")
    void goesOnAfterAPoisonedStretchAsIfItHadNotBeen(StepSpec spec) {
        try (Device device = Devices.one();
                TrainingStep clean = new TrainingStep(spec, device);
                TrainingStep poisoned = new TrainingStep(spec, device);
                SnapshotRing cleanRing = new SnapshotRing(clean, 2);
                SnapshotRing ring = new SnapshotRing(poisoned, 2)) {
            train(clean, 0, 10);
            train(poisoned, 0, 10);
            cleanRing.take();
            ring.take();
            poison(poisoned, 1e4f);
            poison(poisoned, Float.POSITIVE_INFINITY);
            Visits.accumulate(poisoned, visits(99), ROWS);
            assertThat(Batches.all(poisoned)).isNotEqualTo(Batches.all(clean));
            ring.restore(0);
            assertThat(train(poisoned, 10, 40)).isEqualTo(train(clean, 10, 40));
            assertThat(Batches.all(poisoned)).containsExactly(Batches.all(clean));
            assertThat(poisoned.snapshot().blocks())
                    .hasSameSizeAs(clean.snapshot().blocks());
        }
    }

    @Test
    void keepsTheLastStatesAndForgetsWhatItWentBackBehind() {
        try (Device device = Devices.one();
                TrainingStep step =
                        new TrainingStep(spec(OptimizerSpec.Sgd.plain(), Precision.FP32, Embeddings.EXACT), device);
                SnapshotRing ring = new SnapshotRing(step, 3)) {
            List<float[]> values = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                train(step, i, i + 1);
                ring.take();
                values.add(Batches.all(step));
            }
            assertThat(ring.size()).isEqualTo(3);
            assertThat(ring.step(0)).isEqualTo(5);
            assertThat(ring.step(2)).isEqualTo(3);
            ring.restore(2);
            assertThat(Batches.all(step)).containsExactly(values.get(2));
            assertThat(ring.size()).isEqualTo(1);
            train(step, 3, 4);
            ring.take();
            assertThat(ring.step(0)).isEqualTo(4);
            assertThat(Batches.all(step)).containsExactly(values.get(3));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.restore(2))
                    .withMessage("there must be such a state: back=2 states=2");
        }
    }

    @Test
    void takesNoStateInTheMiddleOfAStep() {
        try (Device device = Devices.one();
                TrainingStep step =
                        new TrainingStep(spec(OptimizerSpec.Sgd.plain(), Precision.FP32, Embeddings.EXACT), device);
                SnapshotRing ring = new SnapshotRing(step, 1)) {
            Visits.accumulate(step, visits(0), ROWS);
            assertThatIllegalStateException()
                    .isThrownBy(ring::take)
                    .withMessage("a state is taken between two steps: pendingRows=" + ROWS);
        }
    }

    private static StepSpec spec(OptimizerSpec optimizer, Precision precision, Embeddings embeddings) {
        return Batches.spec(Visits.model(50, 10), Loss.BINARY_CROSS_ENTROPY, optimizer, ROWS, 2)
                .but()
                .clip(new Clip.Norm(1))
                .precision(precision)
                .lossScale(new LossScale(1024, 2, 0.5, 7))
                .embeddings(embeddings)
                .build();
    }

    private static List<Visit> visits(int number) {
        return Visits.of(ROWS, number % 50, number * 3 % 50, 17);
    }

    /** Takes the steps of some numbers, and returns everything the reports say. */
    private static List<Double> train(TrainingStep step, int from, int to) {
        List<Double> figures = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Visits.accumulate(step, visits(i), ROWS);
            StepReport report = Visits.train(step, visits(i + 1), 0.01);
            figures.addAll(List.of(
                    (double) report.step(),
                    report.loss(),
                    report.gradientNorm(),
                    report.clipFraction(),
                    report.spike(),
                    report.noiseScale(),
                    report.lossScale()));
            report.layers().forEach(layer -> figures.addAll(List.of(layer.weightNorm(), layer.updateRatio())));
        }
        return figures;
    }

    private static void poison(TrainingStep step, float age) {
        try (MicroBatch batch = new MicroBatch(step.spec().model(), ROWS)) {
            Visits.fill(batch, visits(3));
            batch.dense().setAtIndex(JAVA_FLOAT, 0, age);
            step.accumulate(batch);
            step.step(10);
        }
    }
}
