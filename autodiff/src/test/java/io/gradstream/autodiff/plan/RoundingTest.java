package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that multiply in 16 bits, with and without values that exist in 16 bits only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundingTest {
    /** Sums over rows may add exact products. */
    private static final double TOLERANCE = 1e-6;

    /** A device that rounds whatever a plan may round. */
    private static final class Rounds extends ForwardingDevice {
        Rounds(Device device) {
            super(device);
        }

        @Override
        public boolean fuses(Fused kernel) {
            return true;
        }
    }

    Stream<Arguments> cases() {
        return Devices.all().entrySet().stream()
                .flatMap(device -> Stream.of(DType.BF16, DType.F16)
                        .map(half -> Arguments.of(device.getKey() + " " + half, device.getValue(), half)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aReluLayerKeepsNothingInMoreBitsThanItsNeighboursWant(String name, Supplier<Device> open, DType half) {
        try (Device device = new Rounds(open.get());
                Plan plan = plan(device, half, Tensor::relu)) {
            assertThat(plan.describe())
                    .contains(
                            "Rounded[kernel=LinearActivation[activation=Relu[]], dtype=" + half,
                            "Rounded[kernel=SlopeProduct[activation=RELU], dtype=" + half,
                            "SlopeSum[activation=RELU]")
                    .doesNotContain("= SlopeProduct", "= LinearActivation");
            Shadow.run(plan, device, TOLERANCE);
            Shadow.run(plan, device, TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theSlopeOfOtherActivationsIsThatOfTheExactResult(String name, Supplier<Device> open, DType half) {
        for (UnaryOperator<Tensor> activation : List.<UnaryOperator<Tensor>>of(Tensor::tanh, Tensor::sigmoid)) {
            try (Device device = new Rounds(open.get());
                    Plan plan = plan(device, half, activation)) {
                assertThat(plan.describe())
                        .contains("= LinearActivation", "Rounded[kernel=SlopeProduct", "SlopeSum")
                        .doesNotContain("Rounded[kernel=LinearActivation");
                Shadow.run(plan, device, TOLERANCE);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatIsReadInFullStaysInFull(String name, Supplier<Device> open, DType half) {
        Tape tape = Tape.recording();
        Tensor hidden =
                layer(tape, "1", tape.input("x", Literal.wave(5, 7)), 3, half).relu();
        Tensor next = layer(tape, "2", hidden, 2, half).relu();
        try (Device device = new Rounds(open.get());
                Plan plan = Plan.compile(tape, device, hidden, next)) {
            assertThat(plan.describe()).doesNotContain("Rounded");
            Shadow.run(plan, device, TOLERANCE);
        }
    }

    /** Two layers and what their parameters learn. */
    private static Plan plan(Device device, DType half, UnaryOperator<Tensor> activation) {
        Tape tape = Tape.recording();
        Tensor hidden = activation.apply(layer(tape, "1", tape.input("x", Literal.wave(70, 9)), 33, half));
        Tensor loss = layer(tape, "2", hidden, 5, half)
                .multiply(tape.input("target", Literal.ripple(70, 5)))
                .sum();
        List<Tensor> parameters = List.of(tape.leaf("w1"), tape.leaf("b1"), tape.leaf("w2"), tape.leaf("b2"));
        Gradient.of(tape, loss, parameters)
                .forEach(gradient ->
                        tape.input("sum " + gradient.id(), gradient.type()).accumulate(gradient));
        return Plan.compile(tape, device, loss);
    }

    private static Tensor layer(Tape tape, String number, Tensor x, int width, DType half) {
        Tensor weight =
                tape.parameter("w" + number, Literal.ripple(width, x.shape().dim(1)));
        return x.cast(half).linear(weight.cast(half), tape.parameter("b" + number, Literal.wave(width)));
    }
}
