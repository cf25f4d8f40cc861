package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is computed in one pass is what the operations compute one by one, bit for bit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FusionTest {

    Stream<Arguments> devices() {
        return Devices.all().entrySet().stream().map(device -> Arguments.of(device.getKey(), device.getValue()));
    }

    Stream<Arguments> activations() {
        Map<String, UnaryOperator<Tensor>> activations =
                Map.of("relu", Tensor::relu, "sigmoid", Tensor::sigmoid, "tanh", Tensor::tanh);
        return devices()
                .flatMap(device -> activations.entrySet().stream()
                        .map(entry -> Arguments.of(
                                device.get()[0] + " " + entry.getKey(), device.get()[1], entry.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("activations")
    void trainsALayerAsItsOperationsDo(String name, Supplier<Device> open, UnaryOperator<Tensor> activation) {
        train(open, activation, 207, 13, 33);
    }

    /** Sums so long that a library may cut them into pieces, and adds the pieces to what it found only at the end. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("activations")
    void trainsALayerOfLongSumsAsItsOperationsDo(String name, Supplier<Device> open, UnaryOperator<Tensor> activation) {
        train(open, activation, 33, 1024, 17);
        train(open, activation, 4098, 13, 17);
    }

    private static void train(
            Supplier<Device> open, UnaryOperator<Tensor> activation, int rows, int inputs, int outputs) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(rows, inputs));
        Tensor weight = tape.parameter("weight", Literal.ripple(outputs, inputs));
        Tensor bias = tape.parameter("bias", Literal.wave(outputs));
        Tensor target = tape.input("target", Literal.ripple(rows, outputs));
        Tensor loss = activation.apply(x.linear(weight, bias)).multiply(target).sum();
        accumulate(tape, loss, weight, bias);
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device, loss)) {
            assertThat(plan.describe())
                    .contains("LinearActivation", "SlopeProduct", "AddProduct")
                    .doesNotContain("Linear[]", "Matmul");
            Shadow.run(plan, device, 0);
            Shadow.run(plan, device, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void carriesNaNThroughALayer(String name, Supplier<Device> open) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1, Double.NaN));
        Tensor y = x.reshape(2, 1)
                .linear(tape.input("w", Literal.wave(17, 1)), tape.input("b", Literal.wave(17)))
                .relu();
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device, y)) {
            assertThat(plan.describe()).contains("LinearActivation");
            Shadow.run(plan, device, 0);
            double[] values = Transfer.read(device, plan.buffer(y));
            assertThat(values[0]).isFinite();
            assertThat(values[17]).isNaN();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void computesAllRowsOfALayerThatItsActivationSeesInAnotherShape(String name, Supplier<Device> open) {
        Tape tape = Tape.recording();
        Tensor y = tape.input("x", Literal.wave(15, 7))
                .linear(tape.input("w", Literal.ripple(4, 7)), tape.input("b", Literal.wave(4)))
                .reshape(3, 5, 4)
                .relu();
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device, y)) {
            assertThat(plan.describe()).contains("LinearActivation");
            Shadow.run(plan, device, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void leavesValuesThatSomebodyElseReads(String name, Supplier<Device> open) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(5, 7));
        Tensor before = x.linear(tape.input("w", Literal.ripple(3, 7)), tape.input("b", Literal.wave(3)));
        Tensor after = before.relu();
        Tensor slope = after.greater(tape.constant(0, after.dtype()));
        Tensor masked = tape.input("cotangent", Literal.ripple(5, 3)).multiply(slope);
        Tensor product = masked.matmul(true, x, false);
        Tensor sum = tape.input("sum", Literal.wave(3, 7)).accumulate(product);
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device, before, after, slope, masked, product, sum)) {
            assertThat(plan.describe())
                    .contains("Linear[]", "Relu", "Greater", "Multiply", "Matmul", "Accumulate")
                    .doesNotContain("LinearActivation", "SlopeProduct", "AddProduct");
            Shadow.run(plan, device, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void addsWhenItsTimeComes(String name, Supplier<Device> open) {
        Tape tape = Tape.recording();
        Tensor sum = tape.input("sum", Literal.wave(5, 3));
        Tensor product = tape.input("a", Literal.wave(5, 7)).matmul(tape.input("b", Literal.ripple(7, 3)));
        Tensor doubled = sum.multiply(2);
        Tensor result = sum.accumulate(product);
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device, doubled, result)) {
            assertThat(plan.describe()).doesNotContain("AddProduct");
            Shadow.run(plan, device, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void clearsGradientsAsItReadsThem(String name, Supplier<Device> open) {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 1030));
        int size = 1248;
        Tape tape = Tape.recording();
        Tensor gradients = tape.input("gradients", Literal.ripple(size));
        double[] control = new double[Control.values().length];
        Arrays.fill(control, 1);
        control[Control.FOUND_INF.slot()] = 0;
        tape.parameter("parameters", Literal.wave(size))
                .apply(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0.01, true, segments),
                        gradients,
                        tape.input("m", TensorType.of(DType.F32, size)),
                        tape.input("v", TensorType.of(DType.F32, size)),
                        tape.input("control", new Literal(Control.block(), control)),
                        tape.input("statistics", OptimizerUpdate.block(2)));
        gradients.fill(0);
        try (Device device = open.get();
                Plan plan = Plan.compile(tape, device)) {
            assertThat(plan.describe()).contains("UpdateAndClear").doesNotContain("Fill");
            Shadow.run(plan, device, 0);
            assertThat(Transfer.read(device, plan.input("gradients"))).containsOnly(0);
        }
    }

    private static void accumulate(Tape tape, Tensor loss, Tensor... parameters) {
        Gradient.of(tape, loss, List.of(parameters))
                .forEach(gradient ->
                        tape.input("sum " + gradient.id(), gradient.type()).accumulate(gradient));
    }
}
