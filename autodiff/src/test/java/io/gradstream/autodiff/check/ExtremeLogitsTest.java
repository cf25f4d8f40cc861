package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Losses of logits so large that their exponential overflows, and gradients of answers so right that hardly anything is left of them. */
class ExtremeLogitsTest {
    private static final double HUGE = 1e4;
    private static final Percentage CLOSE = Percentage.withPercentage(2e-4);

    /** A loss and its gradient. */
    private record Outcome(double[] losses, double[] gradient) {}

    @Test
    void binaryCrossEntropyIsExactForConfidentAnswers() {
        double[] logits = {-55, -40, -20, -10, -3, 3, 10, 20, 40, 55};
        Devices.all().forEach((name, device) -> {
            for (double weight : new double[] {1, 3}) {
                for (int target = 0; target <= 1; target++) {
                    double[] targets = new double[logits.length];
                    Arrays.fill(targets, target);
                    double[] gradient = outcome(device.get(), Literal.of(logits), x -> binary(x, weight, targets))
                            .gradient();
                    for (int i = 0; i < logits.length; i++) {
                        double expected =
                                target == 1 ? -weight / (1 + Math.exp(logits[i])) : 1 / (1 + Math.exp(-logits[i]));
                        assertThat(gradient[i])
                                .as("%s: logit=%s target=%d weight=%s", name, logits[i], target, weight)
                                .isCloseTo(expected, CLOSE);
                    }
                }
            }
        });
    }

    @Test
    void errorsThatTeachNothingAreZeroAndNotSubnormal() {
        Devices.all().forEach((name, device) -> {
            Outcome outcome = outcome(device.get(), Literal.of(60, -60, 95, -95), x -> binary(x, 1, 1, 0, 1, 0));
            assertThat(outcome.gradient()).as(name).containsOnly(0);
        });
    }

    @Test
    void weightedBinaryCrossEntropyStaysFinite() {
        Devices.all().forEach((name, device) -> {
            Outcome outcome =
                    outcome(device.get(), Literal.of(HUGE, -HUGE, HUGE, -HUGE), x -> binary(x, 2.5, 0, 1, 1, 0));
            assertClose(name, outcome.losses(), HUGE, 2.5 * HUGE, 0, 0);
            assertClose(name, outcome.gradient(), 1, -2.5, 0, 0);
        });
    }

    /** With K = 3, s = 0.3 and a row (H, −H, 0): −Σ wₖqₖ(zₖ − H), q = 0.8 at the truth and 0.1 elsewhere. */
    @Test
    void smoothedAndWeightedCrossEntropyStaysFinite() {
        Literal rows = new Literal(TensorType.of(DType.F32, 2, 3), HUGE, -HUGE, 0, HUGE, -HUGE, 0);
        Devices.all().forEach((name, device) -> {
            Outcome smoothed = outcome(device.get(), rows, x -> x.softmaxCrossEntropy(classes(x), 0.3, List.of()));
            assertClose(name, smoothed.losses(), 0.1 * 2 * HUGE + 0.1 * HUGE, 0.8 * 2 * HUGE + 0.1 * HUGE);
            assertClose(name, smoothed.gradient(), 1 - 0.8, -0.1, -0.1, 1 - 0.1, -0.8, -0.1);

            Outcome weighted =
                    outcome(device.get(), rows, x -> x.softmaxCrossEntropy(classes(x), 0, List.of(2.0, 0.5, 1.0)));
            assertClose(name, weighted.losses(), 0, 0.5 * 2 * HUGE);
            assertClose(name, weighted.gradient(), 0, 0, 0, 0.5, -0.5, 0);
        });
    }

    private static Tensor binary(Tensor x, double weight, double... targets) {
        Tensor target = x.tape().input("targets", Literal.of(targets));
        return weight == 1 ? x.sigmoidCrossEntropy(target) : x.sigmoidCrossEntropy(target, weight);
    }

    private static Tensor classes(Tensor x) {
        return x.tape().input("classes", Literal.ids(0, 1));
    }

    private static void assertClose(String name, double[] actual, double... expected) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s at %d", name, i)
                    .isCloseTo(expected[i], Offset.offset(1e-6 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static Outcome outcome(Device device, Literal logits, UnaryOperator<Tensor> loss) {
        try (device;
                Tape tape = Tape.eager(device)) {
            Tensor x = tape.input("x", logits);
            Tensor losses = loss.apply(x);
            return new Outcome(
                    losses.values(),
                    Gradient.of(tape, losses.sum(), List.of(x)).getFirst().values());
        }
    }
}
