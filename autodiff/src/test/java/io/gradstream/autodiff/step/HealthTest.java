package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.rows;
import static io.gradstream.autodiff.step.Batches.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every figure of gradient health, shown by a network that was built to have it. */
class HealthTest {
    private static final OptimizerSpec SGD = OptimizerSpec.Sgd.plain();
    private static final int ROWS = 16;

    static Stream<Supplier<Device>> devices() {
        return Devices.all().values().stream();
    }

    /** Three of eight units have a bias so low that nothing ever wakes them. */
    @ParameterizedTest
    @MethodSource("devices")
    void countsDeadUnits(Supplier<Device> device) {
        try (Device opened = device.get();
                TrainingStep step = inspected(mlp(3, 1, Activation.RELU, 8), SGD, opened)) {
            Batches.set(step, "mlp.0.bias", -100, 5, 5, -100, 5, 5, -100, 5);
            LayerReport layer = train(step, rows(ROWS, 3), 0.001).layers().getFirst();
            assertThat(layer.name()).isEqualTo("mlp.0.weight");
            assertThat(layer.deadUnits()).isEqualTo(3.0 / 8);
            assertThat(layer.saturation()).isCloseTo(3.0 / 8, within(1e-6));
            assertThat(layer.zeroShare()).isCloseTo(3.0 / 8, within(1e-6));
        }
    }

    /** A unit that wakes for some rows, or was awake lately, is not dead; padding does not count. */
    @Test
    void callsNoUnitDeadThatWasActiveLately() {
        try (Device device = Devices.one();
                TrainingStep step = inspected(mlp(1, 1, Activation.RELU, 1), SGD, device)) {
            Batches.set(step, "mlp.0.weight", 1);
            Batches.set(step, "mlp.0.bias", 0);
            assertThat(train(step, new float[][] {{1}, {-1}}, 0)
                            .layers()
                            .getFirst()
                            .deadUnits())
                    .isZero();
            int dead = 0;
            while (train(step, new float[][] {{-1}, {-2}}, 0)
                            .layers()
                            .getFirst()
                            .deadUnits()
                    == 0) {
                dead++;
            }
            assertThat(dead).isBetween(10, 30);
        }
    }

    /** A unit that has just died is alive by its running share for some time, also after a restart and after a rollback. */
    @Test
    void remembersWhoWasActiveOverARestartAndARollback() {
        try (Device device = Devices.one();
                TrainingStep step = inspected(mlp(1, 1, Activation.RELU, 2), SGD, device);
                TrainingStep restarted = inspected(mlp(1, 1, Activation.RELU, 2), SGD, device);
                SnapshotRing ring = new SnapshotRing(step, 1)) {
            Batches.set(step, "mlp.0.weight", 0, 0);
            Batches.set(step, "mlp.0.bias", 1, -1);
            assertThat(dead(step)).isEqualTo(0.5);
            Batches.set(step, "mlp.0.bias", -1, -1);
            ring.take();
            restarted.restore(step.snapshot());
            assertThat(dead(restarted)).isEqualTo(0.5);
            for (int i = 0; i < 100; i++) {
                dead(step);
            }
            assertThat(dead(step)).isEqualTo(1);
            ring.restore(0);
            assertThat(dead(step)).isEqualTo(0.5);
        }
    }

    private static double dead(TrainingStep step) {
        return train(step, rows(ROWS, 1), 0).layers().getFirst().deadUnits();
    }

    /** Half of the units get inputs of a hundred, at which tanh and sigmoid are flat. */
    @Test
    void measuresSaturation() {
        for (Activation activation : new Activation[] {Activation.TANH, Activation.SIGMOID}) {
            try (Device device = Devices.one();
                    TrainingStep step = inspected(mlp(1, 1, activation, 4), SGD, device)) {
                Batches.set(step, "mlp.0.weight", 0, 0, 0, 0);
                Batches.set(step, "mlp.0.bias", 100, 0, -100, 0);
                LayerReport layer = train(step, rows(ROWS, 1), 0.001).layers().getFirst();
                assertThat(layer.saturation()).isCloseTo(0.5, within(1e-6));
                assertThat(layer.deadUnits()).isNaN();
            }
        }
    }

    /** The weights' gradients are inputs of 1e-40 times errors of about one, which no normal number can hold. */
    @Test
    void findsDenormalGradients() {
        float[][] tiny = new float[ROWS][2];
        for (float[] row : tiny) {
            Arrays.fill(row, 1e-40f);
        }
        try (Device device = Devices.one();
                TrainingStep step = inspected(linear(2), SGD, device)) {
            LayerReport layer = train(step, tiny, 0.001).layers().getFirst();
            assertThat(layer.denormalShare()).isEqualTo(1);
            assertThat(layer.zeroShare()).isZero();
        }
    }

    /** Gradients of 1e-9 underflow in half precision, unless the loss is scaled. */
    @Test
    void findsGradientsThatUnderflowInHalfPrecision() {
        assertThat(zeroShare(1)).isEqualTo(1);
        assertThat(zeroShare(65536)).isZero();
    }

    private static double zeroShare(double scale) {
        StepSpec spec = spec(mlp(2, 1, Activation.TANH, 4), Loss.MSE, SGD, ROWS, 1)
                .but()
                .precision(Precision.FP16)
                .lossScale(new LossScale(scale, 2, 0.5, 2000))
                .inspectEvery(1)
                .build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            Batches.set(step, "mlp.0.weight", 0.5f, -0.5f, 0.25f, 1, -1, 0.5f, 0.75f, -0.25f);
            Batches.set(step, "mlp.1.weight", 1e-5f, -1e-5f, 1e-5f, 1e-5f);
            Batches.set(step, "mlp.1.bias", 1e-3f);
            try (MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
                fill(batch, rows(ROWS, 2), new float[ROWS], 0, ROWS);
                step.accumulate(batch);
            }
            return step.step(0).layers().getFirst().zeroShare();
        }
    }

    /** The same batch again and again pulls where it pulled; with its labels turned around it pulls back. */
    @ParameterizedTest
    @MethodSource("devices")
    void measuresHowTheGradientLiesToTheMomentum(Supplier<Device> device) {
        StepSpec spec = spec(linear(1), Loss.MSE, new OptimizerSpec.Sgd(0.9, 0, false, 0), 1, 1)
                .but()
                .inspectEvery(1)
                .build();
        try (Device opened = device.get();
                TrainingStep step = new TrainingStep(spec, opened)) {
            Batches.set(step, "linear.weight", 0);
            Batches.set(step, "linear.bias", 0);
            assertThat(one(step, 1, 100).momentumCosine()).isNaN();
            assertThat(one(step, 1, 100).momentumCosine()).isCloseTo(1, within(1e-5));
            assertThat(one(step, 1, -100).momentumCosine()).isCloseTo(-1, within(1e-5));
        }
    }

    /** A gradient that is always 2 is all signal; one that is 2 and −2 by turns is nearly none, and a tenfold one is a shock of ten. */
    @ParameterizedTest
    @MethodSource("devices")
    void measuresWhatAdamExpects(Supplier<Device> device) {
        StepSpec spec = spec(linear(1), Loss.MSE, OptimizerSpec.Adam.usual(), 1, 1)
                .but()
                .inspectEvery(1)
                .build();
        try (Device opened = device.get();
                TrainingStep steady = new TrainingStep(spec, opened);
                TrainingStep noisy = new TrainingStep(spec, opened)) {
            for (TrainingStep step : new TrainingStep[] {steady, noisy}) {
                Batches.set(step, "linear.weight", 0);
                Batches.set(step, "linear.bias", 0);
            }
            LayerReport signal = one(steady, 1, 1);
            LayerReport noise = one(noisy, 1, 1);
            assertThat(signal.signalToNoise()).isNaN();
            for (int i = 1; i < 40; i++) {
                signal = one(steady, 1, 1);
                noise = one(noisy, 1, i % 2 == 0 ? 1 : -1);
            }
            assertThat(signal.signalToNoise()).isCloseTo(1, within(1e-3));
            assertThat(signal.adamShock()).isCloseTo(1, within(1e-3));
            assertThat(noise.signalToNoise()).isLessThan(0.02);
            assertThat(one(steady, 1, 10).adamShock()).isCloseTo(10, within(0.01));
        }
    }

    /** Twenty sigmoid layers lose most of the gradient on the way back; the profile rises from the first layer to the last. */
    @Test
    void showsGradientsThatVanishInTheDepth() {
        assertThat(profile(Activation.SIGMOID)).isBetween(1.0, 3.0);
        assertThat(Math.abs(profile(Activation.RELU))).isLessThan(0.5);
    }

    private static double profile(Activation activation) {
        Integer[] hidden = Collections.nCopies(20, 16).toArray(Integer[]::new);
        try (Device device = Devices.one();
                TrainingStep step =
                        new TrainingStep(spec(mlp(16, 1, activation, hidden), Loss.MSE, SGD, ROWS, 1), device)) {
            double gain = activation == Activation.RELU ? Math.sqrt(6) : 1;
            for (ParameterView parameter : step.parameters()) {
                float[] values = parameter.values();
                for (int i = 0; i < values.length; i++) {
                    values[i] *= (float) gain;
                }
                Batches.set(step, parameter.name(), values);
            }
            return train(step, rows(ROWS, 16), 0).depthProfile().orElseThrow().slope();
        }
    }

    @Test
    void countsClippedSteps() {
        StepSpec spec = Batches.with(spec(linear(2), Loss.MSE, SGD, ROWS, 1), new Clip.Norm(1e-6));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            StepReport report = train(step, rows(ROWS, 2), 0.001);
            for (int i = 0; i < 20; i++) {
                report = train(step, rows(ROWS, 2), 0.001);
            }
            assertThat(report.clipFraction()).isCloseTo(1, within(1e-9));
        }
    }

    /** After many steps on nearly the same rows one batch a hundred times as large stands out. */
    @Test
    void scoresASpike() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(linear(2), Loss.MSE, SGD, ROWS, 1), device)) {
            for (int i = 0; i < 60; i++) {
                assertThat(train(step, rows(ROWS - i % 3, 2), 0).spike()).isLessThan(3);
            }
            float[][] large = rows(ROWS, 2);
            for (float[] row : large) {
                row[0] *= 100;
            }
            assertThat(train(step, large, 0).spike()).isGreaterThan(10);
        }
    }

    /** Micro-batches that are all the same have no noise between them; such that pull in opposite directions have little else. */
    @Test
    void estimatesTheNoiseOfGradients() {
        assertThat(noise(1)).isCloseTo(0, within(1e-3));
        assertThat(noise(-0.5f)).isGreaterThan(10);
    }

    private static double noise(float second) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(linear(1), Loss.MSE, SGD, 1, 2), device);
                MicroBatch batch = new MicroBatch(step.spec().model(), 1)) {
            Batches.set(step, "linear.weight", 0);
            Batches.set(step, "linear.bias", 0);
            StepReport report = null;
            for (int i = 0; i < 3; i++) {
                fill(batch, new float[][] {{1}}, new float[] {1}, 0, 1);
                step.accumulate(batch);
                fill(batch, new float[][] {{1}}, new float[] {second}, 0, 1);
                step.accumulate(batch);
                report = step.step(0);
            }
            return java.util.Objects.requireNonNull(report).noiseScale();
        }
    }

    /** What was seen at an inspection stands until the next one, and inspecting changes no bit of what is learned. */
    @Test
    void looksEverySoOftenAndChangesNothing() {
        StepSpec plain = spec(mlp(3, 1, Activation.RELU, 8), Loss.MSE, OptimizerSpec.Adam.usual(), ROWS, 1);
        try (Device device = Devices.one();
                TrainingStep blind = new TrainingStep(plain, device);
                TrainingStep seeing =
                        new TrainingStep(plain.but().inspectEvery(4).build(), device)) {
            double last = Double.NaN;
            for (int i = 0; i < 12; i++) {
                train(blind, rows(ROWS - i, 3), 0.01);
                double shock = train(seeing, rows(ROWS - i, 3), 0.01)
                        .layers()
                        .getFirst()
                        .adamShock();
                assertThat(Double.compare(shock, last) != 0).isEqualTo(i == 4 || i == 8);
                last = shock;
            }
            assertThat(Batches.all(seeing)).containsExactly(Batches.all(blind));
        }
    }

    private static TrainingStep inspected(ModelSpec model, OptimizerSpec optimizer, Device device) {
        return new TrainingStep(
                spec(model, Loss.MSE, optimizer, ROWS, 1).but().inspectEvery(1).build(), device);
    }

    /** A step from rows whose labels are 1. */
    private static StepReport train(TrainingStep step, float[][] rows, double learningRate) {
        int count = Math.min(rows.length, step.spec().microBatch());
        float[] labels = new float[count];
        Arrays.fill(labels, 1);
        try (MicroBatch batch = new MicroBatch(step.spec().model(), step.spec().microBatch())) {
            fill(batch, rows, labels, 0, count);
            step.accumulate(batch);
        }
        return step.step(learningRate);
    }

    /** A step without learning from one row, of which the weight's gradient is −2·label·x. */
    private static LayerReport one(TrainingStep step, float x, float label) {
        try (MicroBatch batch = new MicroBatch(step.spec().model(), 1)) {
            fill(batch, new float[][] {{x}}, new float[] {label}, 0, 1);
            step.accumulate(batch);
        }
        return step.step(0).layers().getFirst();
    }
}
