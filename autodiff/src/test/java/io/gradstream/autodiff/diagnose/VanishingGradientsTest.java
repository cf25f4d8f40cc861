package io.gradstream.autodiff.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VanishingGradientsTest {

    private static final int DEPTH = 20;
    private static final int WIDTH = 64;
    private static final int ROWS = 16;

    /** The same factor at every step back: 0.9⁵⁰ ≈ 0.005, 0.9¹⁰⁰ ≈ 0.00003, 1.1⁵⁰ ≈ 117, 1.1¹⁰⁰ ≈ 13780. */
    @ParameterizedTest
    @CsvSource({
        "0.9, 50, 0.00515377520732011, 0.005, 0.0005",
        "0.9, 100, 0.0000265613988875875, 0.00003, 0.000005",
        "1.1, 50, 117.390852879695, 117, 0.5",
        "1.1, 100, 13780.6123398222, 13780, 1"
    })
    void multipliesTheSlopesOfAChain(double factor, int length, double exact, double published, double tolerance) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", new Literal(TensorType.of(DType.F64), 1));
            Tensor y = x;
            for (int i = 0; i < length; i++) {
                y = y.multiply(factor);
            }

            double gradient = Gradient.of(tape, y, List.of(x)).get(0).item();

            assertThat(gradient).isCloseTo(exact, within(1e-13 * exact)).isEqualTo(y.item());
            assertThat(gradient).isCloseTo(published, within(tolerance));
        }
    }

    @Test
    void vanishThroughTwentySigmoidLayers() {
        DepthProfile profile = profile((x, layer) -> layer.sigmoid());

        assertThat(profile.ratio()).isBetween(1e-18, 1e-14);
        assertThat(profile.slope()).isBetween(1.5, 2.2);
        assertThat(profile.verdict()).isEqualTo(DepthProfile.Verdict.VANISHING);
    }

    @Test
    void shrinkThroughTwentyHyperbolicTangents() {
        DepthProfile profile = profile((x, layer) -> layer.tanh());

        assertThat(profile.ratio()).isBetween(1e-6, 1e-3);
        assertThat(profile.verdict()).isEqualTo(DepthProfile.Verdict.VANISHING);
    }

    @Test
    void passTwentyResidualLayersUnharmed() {
        DepthProfile profile = profile((x, layer) -> x.add(layer.relu()));

        assertThat(profile.ratio()).isBetween(0.1, 10.0);
        assertThat(profile.verdict()).isEqualTo(DepthProfile.Verdict.HEALTHY);
    }

    @Test
    void explodeThroughTwentyLayersOfTwentyTimesTheWeights() {
        DepthProfile profile = profile((x, layer) -> layer.multiply(20).tanh());

        assertThat(profile.ratio()).isGreaterThan(1e3);
        assertThat(profile.verdict()).isEqualTo(DepthProfile.Verdict.EXPLODING);
    }

    @Test
    void haveASlopeOfTheRateAtWhichTheyShrink() {
        assertThat(DepthProfile.of(1e-6, 1e-4, 1e-2, 1).slope()).isCloseTo(Math.log(100), within(1e-12));
        assertThat(DepthProfile.of(0, 1).verdict()).isEqualTo(DepthProfile.Verdict.VANISHING);
        assertThatThrownBy(() -> DepthProfile.of(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DepthProfile.of(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void haveVanishedWhereOneIsZero() {
        assertThat(DepthProfile.of(0, 0, 0).verdict()).isEqualTo(DepthProfile.Verdict.VANISHING);
        assertThat(DepthProfile.of(1, 0, 1).verdict()).isEqualTo(DepthProfile.Verdict.VANISHING);
    }

    /** The weight gradients of 20 layers of 64 units, initialized as PyTorch does, uniform in ±1/√64, under a quadratic loss. */
    private static DepthProfile profile(BinaryOperator<Tensor> layer) {
        SplittableRandom random = new SplittableRandom(46);
        double bound = 1 / Math.sqrt(WIDTH);
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.wave(ROWS, WIDTH).with(DType.F64));
            List<Tensor> weights = new ArrayList<>();
            for (int i = 0; i < DEPTH; i++) {
                Tensor weight = tape.parameter("weight " + i, uniform(random, bound, WIDTH, WIDTH));
                Tensor bias = tape.parameter("bias " + i, uniform(random, bound, WIDTH));
                x = layer.apply(x, x.linear(weight, bias));
                weights.add(weight);
            }
            Tensor loss = x.square().mean();
            return DepthProfile.of(Gradient.of(tape, loss, weights).stream()
                    .mapToDouble(gradient -> Math.sqrt(gradient.square().sum().item()))
                    .toArray());
        }
    }

    private static Literal uniform(SplittableRandom random, double bound, int... dims) {
        TensorType type = TensorType.of(DType.F64, dims);
        return new Literal(
                type, random.doubles(type.shape().size(), -bound, bound).toArray());
    }
}
