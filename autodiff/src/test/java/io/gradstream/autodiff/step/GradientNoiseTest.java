package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.all;
import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.op.GradientNoise;
import io.gradstream.autodiff.step.Visits.Visit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradient descent at a rate of one from weights of zero: what a step leaves is minus the gradient that the optimizer was given. */
class GradientNoiseTest {
    private static final GradientNoise NOISE = new GradientNoise(0.09, 0.55);
    private static final int INPUTS = 4000;

    @Test
    void hasTheVarianceOfThePaperWhichFallsWithTheSteps() {
        StepSpec spec = noisy(StepSpec.of(linear(INPUTS), Loss.MSE, OptimizerSpec.Sgd.plain()));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            for (int t = 0; t < 5; t++) {
                float[] noise = afterAStepWithoutGradient(step);
                assertThat(mean(noise)).isCloseTo(0, within(0.02));
                assertThat(Math.sqrt(mean(squares(noise))) / Math.sqrt(0.09 / Math.pow(1 + t, 0.55)))
                        .as("t=%d", t)
                        .isCloseTo(1, within(0.04));
            }
        }
    }

    @Test
    void everyStepDrawsOtherNumbersAndEveryParameterItsOwn() {
        StepSpec spec = noisy(StepSpec.of(
                Batches.mlp(32, 1, io.gradstream.autodiff.nn.Activation.TANH, 32),
                Loss.MSE,
                OptimizerSpec.Sgd.plain()));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            float[] first = afterAStepWithoutGradient(step);
            float[] bias = Arrays.copyOf(parameter(step, "mlp.0.bias"), 32);
            float[] weight = Arrays.copyOf(parameter(step, "mlp.0.weight"), 32);
            float[] second = afterAStepWithoutGradient(step);

            assertThat(bias).isNotEqualTo(weight);
            assertThat(Math.abs(correlation(first, second))).isLessThan(0.1);
        }
    }

    @Test
    void everyDeviceDrawsTheSameBits() {
        StepSpec spec = noisy(StepSpec.of(linear(300), Loss.MSE, OptimizerSpec.Sgd.plain()));
        float[] expected = noise(spec, new ReferenceDevice());
        Devices.all()
                .forEach((name, device) ->
                        assertThat(noise(spec, device.get())).as(name).containsExactly(expected));
    }

    static Stream<Clip> clips() {
        return Stream.of(new Clip.Off(), new Clip.Norm(0.01), new Clip.Value(0.01), new Clip.GroupNorm(0.01));
    }

    @ParameterizedTest
    @MethodSource("clips")
    void comesAfterClipping(Clip clip) {
        StepSpec.Builder builder = StepSpec.of(linear(300), Loss.MSE, OptimizerSpec.Sgd.plain())
                .clip(clip)
                .groups(List.of(ParameterGroup.learning("linear.bias", 1)));
        StepSpec quiet = builder.microBatch(4).seed(7).build();
        StepSpec noisy = noisy(builder);
        float[] noise = noise(noisy, Devices.one());
        try (Device device = Devices.one();
                TrainingStep with = new TrainingStep(noisy, device);
                TrainingStep without = new TrainingStep(quiet, device)) {
            double norm = step(without, 1).clippedNorm();
            assertThat(step(with, 1).clippedNorm()).isEqualTo(norm);
            float[] clipped = all(without);
            float[] both = all(with);
            for (int i = 0; i < both.length; i++) {
                assertThat(both[i]).isCloseTo(clipped[i] + noise[i], within(2e-6f));
            }
        }
    }

    @Test
    void staysAwayFromASkippedStepAndDoesNotCountIt() {
        StepSpec spec = noisy(StepSpec.of(linear(300), Loss.MSE, OptimizerSpec.Sgd.plain()));
        float[] expected = noise(spec, Devices.one());
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            zero(step);
            assertThat(step(step, Float.POSITIVE_INFINITY).overflow()).isTrue();
            assertThat(all(step)).containsOnly(0f);
            assertThat(afterAStepWithoutGradient(step)).containsExactly(expected);
        }
    }

    @Test
    void reachesTouchedRowsAloneWhateverTheirOrder() {
        StepSpec spec = StepSpec.of(Visits.model(50, 8), Loss.MSE, OptimizerSpec.Sgd.plain())
                .microBatch(8)
                .gradientNoise(Optional.of(NOISE))
                .seed(7)
                .build();
        List<Visit> visits = Visits.of(6, 7, 9, 33);
        float[] forward = sites(spec, visits);
        float[] backward = sites(spec, visits.reversed());
        float[] quiet = sites(spec.but().gradientNoise(Optional.empty()).build(), visits);
        for (int row = 0; row < 50; row++) {
            boolean touched = row == 7 || row == 9 || row == 33;
            for (int i = row * 16; i < (row + 1) * 16; i++) {
                assertThat(forward[i]).isCloseTo(backward[i], within(1e-5f));
                assertThat(forward[i] != quiet[i]).as("row=%d", row).isEqualTo(touched);
            }
        }
        double deviation = IntStream.of(7, 9, 33)
                .mapToDouble(row -> IntStream.range(row * 16, row * 16 + 16)
                        .mapToDouble(i -> (forward[i] - quiet[i]) * (forward[i] - quiet[i]))
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(deviation)).isCloseTo(0.3, within(0.1));
    }

    @Test
    void isTheSameAfterARestart() {
        StepSpec spec = noisy(StepSpec.of(linear(300), Loss.MSE, OptimizerSpec.Sgd.plain()));
        try (Device device = Devices.one();
                TrainingStep first = new TrainingStep(spec, device);
                TrainingStep second = new TrainingStep(spec, device)) {
            step(first, 1);
            second.restore(first.snapshot());
            step(first, 2);
            step(second, 2);
            assertThat(all(second)).containsExactly(all(first));
        }
    }

    @Test
    void refusesRowsThatLearnOneAfterTheOther() {
        StepSpec.Builder rows =
                StepSpec.of(linear(3), Loss.MSE, OptimizerSpec.Sgd.plain()).updates(Updates.ROW);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> noisy(rows))
                .withMessage("rows learn without noise: gradientNoise=GradientNoise[variance=0.09, decay=0.55]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GradientNoise(0, 0.55))
                .withMessage("variance must be positive and finite: variance=0.0");
    }

    private static StepSpec noisy(StepSpec.Builder builder) {
        return builder.microBatch(4).seed(7).gradientNoise(Optional.of(NOISE)).build();
    }

    private static float[] noise(StepSpec spec, Device device) {
        try (device;
                TrainingStep step = new TrainingStep(spec, device)) {
            return afterAStepWithoutGradient(step);
        }
    }

    private static float[] afterAStepWithoutGradient(TrainingStep step) {
        zero(step);
        step(step, 0);
        return all(step);
    }

    private static void zero(TrainingStep step) {
        step.parameters()
                .forEach(parameter -> Batches.set(step, parameter.name(), new float[parameter.values().length]));
    }

    /** One step at a rate of one from rows that all have the same label; a linear model of zeros that has learned nothing gives 0. */
    private static StepReport step(TrainingStep step, float label) {
        int inputs = step.spec().model().inputs().size();
        float[] labels = new float[4];
        Arrays.fill(labels, label);
        try (MicroBatch batch = new MicroBatch(step.spec().model(), 4)) {
            fill(batch, Batches.rows(4, inputs), labels, 0, 4);
            step.accumulate(batch);
            return step.step(1);
        }
    }

    private static float[] sites(StepSpec spec, List<Visit> visits) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            Visits.train(step, visits, 1);
            return parameter(step, Visits.SITES);
        }
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static float[] squares(float[] values) {
        float[] squares = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            squares[i] = values[i] * values[i];
        }
        return squares;
    }

    private static double correlation(float[] a, float[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
        }
        return product / a.length / Math.sqrt(mean(squares(a)) * mean(squares(b)));
    }
}
