package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.tape.OverwrittenException;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradientTest {

    private final Tape tape = Tape.eager(new ReferenceDevice());

    @AfterEach
    void close() {
        tape.close();
    }

    @Test
    void givesTheWorkedFigureOfASquaredNeuron() {
        Tensor weight = scalar("W", 2);
        Tensor x = scalar("x", 3);
        Tensor bias = scalar("b", 1);
        Tensor product = weight.multiply(x);
        Tensor sum = product.add(bias);
        Tensor y = sum.square();

        List<Tensor> gradients = Gradient.of(tape, y, List.of(weight, x, bias));

        assertThat(List.of(product.item(), sum.item(), y.item())).containsExactly(6.0, 7.0, 49.0);
        assertThat(gradients.stream().map(Tensor::item)).containsExactly(42.0, 28.0, 14.0);
    }

    /** Beside each power stands x², so that every gradient depends on x. */
    @ParameterizedTest
    @CsvSource({"0, 0, 2", "1, 1, 2", "2, 0, 4"})
    void differentiatesWholePowersTwiceAtZero(double exponent, double slope, double curvature) {
        Tensor x = scalar("x", 0);
        Tensor first = gradient(x.power(exponent).add(x.square()), x);

        assertThat(first.item()).isEqualTo(slope);
        assertThat(gradient(first, x).item()).isEqualTo(curvature);
    }

    @Test
    void sumsGradientsOfASharedInput() {
        Tensor a = scalar("a", 5);
        Tensor b = a.add(a);
        Tensor c = b.add(b);

        assertThat(gradient(c, a).item()).isEqualTo(4);
    }

    @Test
    void sumsGradientsOfATiedWeight() {
        Tensor weight = scalar("w", 3);
        Tensor x = scalar("x", 2);
        Tensor y = weight.multiply(weight.multiply(x));

        assertThat(gradient(y, weight).item()).isEqualTo(2 * 3 * 2);
    }

    @Test
    void addsTheResidualPathToTheOther() {
        Tensor u = scalar("u", 0.5);
        Tensor y = u.add(u.square());

        assertThat(gradient(y, u).item()).isEqualTo(1 + 2 * 0.5);
    }

    @Test
    void walksAChainOfAMillionNodes() {
        Tape recording = Tape.recording();
        Tensor x = recording.input("x", TensorType.of(DType.F32));
        Tensor y = x;
        for (int i = 0; i < 1_000_000; i++) {
            y = y.negate();
        }

        int before = recording.size();
        Tensor gradient = Gradient.of(recording, y, List.of(x)).get(0);

        assertThat(before).isGreaterThan(1_000_000);
        assertThat(gradient.id()).isGreaterThanOrEqualTo(before + 999_999);
    }

    @Test
    void startsFromACotangentOfAVectorOutput() {
        Tensor x = tape.input("x", Literal.of(1, 2, 3));
        Tensor cotangent = tape.input("c", Literal.of(1, 10, 100));

        Tensor gradient = Gradient.of(tape, x.square(), cotangent, List.of(x)).get(0);

        assertThat(gradient.values()).containsExactly(2, 40, 600);
    }

    @Test
    void demandsACotangentForAnOutputThatIsNoScalar() {
        Tensor x = tape.input("x", Literal.of(1, 2, 3));

        assertThatThrownBy(() -> Gradient.of(tape, x.square(), List.of(x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cotangent");
    }

    @Test
    void runsAgainOverTheSameTapeAndAccumulatesExactly() {
        Tensor x = tape.input("x", Literal.wave(5, 7));
        Tensor y = x.tanh().square().sum();
        double[] once = gradient(y, x).values();
        Tensor total = tape.input("total", x.type()).accumulate(gradient(y, x));

        double[] twice = total.accumulate(gradient(y, x)).values();

        for (int i = 0; i < once.length; i++) {
            assertThat(twice[i]).isEqualTo(2 * once[i]);
        }
    }

    @Test
    void takesSeveralOutputsOfOneTapeOneAfterTheOther() {
        Tensor x = scalar("x", 3);
        Tensor shared = x.square();
        Tensor first = shared.multiply(2);
        Tensor second = shared.square();

        assertThat(gradient(first, x).item()).isEqualTo(12);
        assertThat(gradient(second, x).item()).isEqualTo(108);
        assertThat(gradient(first, x).item()).isEqualTo(12);
    }

    @Test
    void startsFromSeveralOutputsAtOnce() {
        Tensor x = scalar("x", 3);
        Tensor square = x.square();
        Tensor one = tape.constant(1, DType.F64);
        Tensor ten = tape.constant(10, DType.F64);

        List<Tensor> sum = Gradient.partial(tape, List.of(square, x.multiply(5)), List.of(ten, one), List.of(x));

        assertThat(sum.get(0).item()).isEqualTo(65);
    }

    @Test
    void takesValuesForIndependentWhenPartial() {
        Tensor x = scalar("x", 3);
        Tensor square = x.square();
        Tensor y = square.multiply(x);
        Tensor one = tape.constant(1, DType.F64);

        assertThat(Gradient.of(tape, y, List.of(x, square)).get(0).item()).isEqualTo(27);
        assertThat(Gradient.partial(tape, y, one, List.of(x, square)).get(0).item())
                .isEqualTo(9);
    }

    @Test
    void refusesACotangentForEveryOutputButOne() {
        Tensor x = scalar("x", 3);

        assertThatThrownBy(() -> Gradient.partial(tape, List.of(x.square()), List.of(), List.of(x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outputs=1 cotangents=0");
    }

    @Test
    void zeroesAnAccumulatedNanByFilling() {
        Tensor total =
                tape.input("total", Literal.scalar(Double.NaN).with(DType.F64)).fill(0);

        assertThat(total.accumulate(scalar("x", 2)).item()).isEqualTo(2);
    }

    @Test
    void differentiatesItsOwnGradient() {
        Tensor x = scalar("x", 2);
        Tensor cube = x.square().multiply(x);
        Tensor first = gradient(cube, x);
        Tensor second = gradient(first, x);

        assertThat(first.item()).isEqualTo(12);
        assertThat(second.item()).isEqualTo(12);
        assertThat(gradient(second, x).item()).isEqualTo(6);
    }

    @Test
    void matchesTheClosedFormOfRosenbrockToSecondOrder() {
        Tensor x = scalar("x", -1.2);
        Tensor y = scalar("y", 1);
        Tensor one = tape.constant(1, DType.F64);
        Tensor f = one.subtract(x).square().add(y.subtract(x.square()).square().multiply(100));

        List<Tensor> gradient = Gradient.of(tape, f, List.of(x, y));
        Tensor direction = gradient.get(0).multiply(0.5).add(gradient.get(1).multiply(-2));
        List<Tensor> product = Gradient.of(tape, direction, List.of(x, y));

        assertThat(gradient.get(0).item()).isCloseTo(-215.6, within(1e-10));
        assertThat(gradient.get(1).item()).isCloseTo(-88, within(1e-10));
        assertThat(product.get(0).item()).isCloseTo(0.5 * 1330 - 2 * 480, within(1e-9));
        assertThat(product.get(1).item()).isCloseTo(0.5 * 480 - 2 * 200, within(1e-9));
    }

    @Test
    void stopsAtADetachedValue() {
        Tensor x = scalar("x", 3);
        Tensor y = x.multiply(x.stopGradient());

        assertThat(gradient(y, x).item()).isEqualTo(3);
    }

    @Test
    void flowsThroughNothingRecordedUntracked() {
        Tensor x = scalar("x", 3);
        Tensor square = tape.untracked(x::square);

        assertThat(gradient(square.multiply(x), x).item()).isEqualTo(9);
    }

    @Test
    void refusesValuesThatNoGradientReaches() {
        Tensor x = scalar("x", 3);
        Tensor lonely = tape.parameter("lonely", Literal.scalar(1));

        assertThatThrownBy(() -> Gradient.of(tape, x.square(), List.of(x, lonely)))
                .isInstanceOf(UnreachedException.class)
                .hasMessageContaining("Parameter(lonely)");
    }

    @Test
    void refusesAnOperationWithoutARule() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor health = x.apply(new GradientHealth(Segments.of(new Segment(0, 2))));

        assertThatThrownBy(() -> Gradient.of(tape, health.sum(), List.of(x)))
                .isInstanceOf(NoRuleException.class)
                .hasMessageContainingAll("GradientHealth", "GradientTest.java:");
    }

    @Test
    void refusesToReadASavedValueThatWasOverwritten() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor hidden = x.multiply(2);
        Tensor y = hidden.square().sum();
        hidden.fill(0);

        assertThatThrownBy(() -> Gradient.of(tape, y, List.of(x)))
                .isInstanceOf(OverwrittenException.class)
                .hasMessageMatching(
                        "value was overwritten in place: value=%\\d+ Multiply F32\\[2] \\(GradientTest\\.java:\\d+\\)"
                                + " overwritten by=%\\d+ Fill F32\\[2] \\(GradientTest\\.java:\\d+\\)"
                                + " wanted by=Multiply \\(GradientTest\\.java:\\d+\\)");
    }

    @Test
    void recordsDerivativesUnderTheLinesTheyDerive() {
        Tensor x = scalar("x", 3);
        Tensor y = x.square();

        assertThat(gradient(y, x).site()).hasToString(y.site().toString());
    }

    @Test
    void takesTheDocumentedSubgradientAtKinks() {
        assertThat(slope(0, Tensor::relu)).isZero();
        assertThat(slope(0, Tensor::abs)).isZero();
        assertThat(slope(0, x -> x.leakyRelu(0.1))).isEqualTo(0.1);
        assertThat(slope(1, x -> x.clamp(-1, 1))).isEqualTo(1);
        assertThat(slope(1.001, x -> x.clamp(-1, 1))).isZero();
        assertThat(slope(0, x -> x.maximum(x.tape().constant(0, DType.F64)))).isEqualTo(0.5);
        assertThat(slope(0, x -> x.minimum(x.tape().constant(0, DType.F64)))).isEqualTo(0.5);
        assertThat(slope(0, x -> x.elu(0.7))).isEqualTo(0.7);
        assertThat(slope(0, Tensor::sign)).isZero();
        assertThat(slope(2.5, Tensor::round)).isZero();
        assertThat(slope(0, Tensor::sigmoid)).isEqualTo(0.25);
        assertThat(slope(0, Tensor::tanh)).isEqualTo(1);
    }

    @Test
    void sharesTheSlopeOfAMaximumAmongTies() {
        Tensor x = tape.input("x", Literal.of(3, 1, 3));

        assertThat(gradient(x.max(), x).values()).containsExactly(0.5, 0, 0.5);
    }

    @Test
    void keepsFusedLossesFiniteAtExtremeLogits() {
        Tensor logits = tape.input("logits", Literal.of(1e4, -1e4));
        Tensor losses = logits.sigmoidCrossEntropy(tape.input("targets", Literal.of(0, 1)));
        assertThat(losses.values()).containsExactly(1e4, 1e4);
        assertThat(gradient(losses.sum(), logits).values()).containsExactly(1, -1);

        Tensor rows = logits.reshape(1, 2);
        Tensor crossEntropy = rows.softmaxCrossEntropy(tape.input("classes", Literal.ids(1)));
        assertThat(crossEntropy.values()).containsExactly(2e4);
        assertThat(gradient(crossEntropy.sum(), logits).values()).containsExactly(1, -1);
    }

    private interface Curve {
        Tensor of(Tensor x);
    }

    private double slope(double at, Curve curve) {
        try (Tape own = Tape.eager(new ReferenceDevice())) {
            Tensor x = own.input("x", Literal.scalar(at).with(DType.F64));
            return Gradient.orZeros(own, curve.of(x), List.of(x)).get(0).item();
        }
    }

    private Tensor gradient(Tensor y, Tensor x) {
        return Gradient.of(tape, y, List.of(x)).get(0);
    }

    private Tensor scalar(String name, double value) {
        return tape.parameter(name, new Literal(TensorType.of(DType.F64), value));
    }
}
