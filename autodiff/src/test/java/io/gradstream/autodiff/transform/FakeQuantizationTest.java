package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FakeQuantizationTest {

    private static final int STEPS = 400;

    @Test
    void roundsToCodesAndStopsGradientsBeyondTheLargest() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", doubles(0.26, -0.24, 63.4, 64, -1000));
            Tensor y = FakeQuantization.int8().of(x, tape.constant(0.5, DType.F64));

            assertThat(y.values()).containsExactly(0.5, -0.0, 63.5, 63.5, -63.5);
            assertThat(Gradient.of(tape, y.sum(), List.of(x)).get(0).values()).containsExactly(1, 1, 1, 0, 0);
        }
    }

    @Test
    void spreadsTheCodesOverTheLargestElement() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", doubles(-2.54, 1, 0.011, 0));
            Tensor y = FakeQuantization.int8().of(x);

            assertThat(y.values()).containsExactly(new double[] {-2.54, 1, 0.02, 0}, within(1e-12));
            assertThat(FakeQuantization.int8().of(x.multiply(0)).abs().values()).containsOnly(0);
        }
    }

    /** With codes from -3 to 3, rounding a finished network costs much of what it learned; learning with the rounding does not. */
    @Test
    void learnsANetworkThatSurvivesItsRounding() {
        FakeQuantization coarse = new FakeQuantization(3);
        double[] plain = train(UnaryOperator.identity());
        double[] aware = train(coarse::of);

        double exact = loss(plain, UnaryOperator.identity());
        double rounded = loss(plain, coarse::of);
        double trained = loss(aware, coarse::of);

        assertThat(exact).isLessThan(0.01);
        assertThat(trained).isLessThan(rounded / 2);
    }

    @Test
    void losesNothingToSpeakOfWithInt8() {
        double[] aware = train(FakeQuantization.int8()::of);

        assertThat(loss(aware, FakeQuantization.int8()::of)).isLessThan(0.01);
    }

    @Test
    void refusesCodesOfOneBit() {
        assertThatThrownBy(() -> new FakeQuantization(1)).hasMessageContaining("bits=1");
    }

    private record Network(Tensor weights, Tensor loss) {

        /** 3 inputs, 8 tanh units, 1 output, to fit a smooth function of 32 points. */
        static Network record(Tape tape, double[] values, UnaryOperator<Tensor> quantize) {
            Tensor weights = tape.parameter("weights", doubles(values));
            Tensor x = tape.input("x", Literal.wave(32, 3).with(DType.F64));
            Tensor hidden = x.matmul(quantize.apply(weights.slice(0, 0, 24).reshape(3, 8)))
                    .tanh();
            Tensor output =
                    hidden.matmul(quantize.apply(weights.slice(0, 24, 32).reshape(8, 1)));
            Tensor target = x.slice(1, 0, 1)
                    .multiply(0.7)
                    .subtract(x.slice(1, 1, 2).multiply(0.4))
                    .tanh();
            return new Network(weights, output.subtract(target).square().mean());
        }
    }

    private static double[] train(UnaryOperator<Tensor> quantize) {
        Tape tape = Tape.recording();
        double[] start = Literal.ripple(32).values();
        Network network = Network.record(tape, start, quantize);
        Tensor gradient =
                Gradient.of(tape, network.loss(), List.of(network.weights())).get(0);
        network.weights().accumulate(gradient.multiply(-0.1));
        try (ReferenceDevice device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, network.loss())) {
            for (int step = 0; step < STEPS; step++) {
                plan.run();
            }
            Buffer weights = plan.input("weights");
            return Transfer.read(device, weights);
        }
    }

    private static double loss(double[] weights, UnaryOperator<Tensor> quantize) {
        try (Tape tape = Tape.inference(new ReferenceDevice())) {
            return Network.record(tape, weights, quantize).loss().item();
        }
    }

    private static Literal doubles(double... values) {
        return new Literal(TensorType.of(DType.F64, values.length), values);
    }
}
