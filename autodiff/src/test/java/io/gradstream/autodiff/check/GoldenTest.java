package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Operations;
import io.gradstream.autodiff.op.RandomNormal;
import io.gradstream.autodiff.op.RandomUniform;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import io.gradstream.autodiff.op.StopGradient;
import io.gradstream.autodiff.op.Visibility;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and second derivatives, against what libtorch computed in double. */
class GoldenTest {
    private static final double EXACT = 1e-9;
    private static final double SINGLE = 4e-5;

    private static final String DRAWN = "libtorch draws other numbers";
    private static final String LAYER =
            "libtorch has it as a layer, to which LayerAgreementTest of the load tests compares ours";

    private static final Map<Class<?>, String> NOT_ASKED = Map.of(
            SelfAttention.class, LAYER,
            SelfAttentionGradient.class, LAYER,
            Visibility.class, "a mask, which attention asked about uses within its tiles",
            Dropout.class, DRAWN,
            RandomUniform.class, DRAWN,
            RandomNormal.class, DRAWN,
            Cast.class, "goldens are computed in one precision",
            StopGradient.class, "has no derivative by its meaning",
            CustomRule.class, "has the derivative that its user gives");

    @Test
    void thereIsAGoldenForEveryOperationKnown() {
        assertThat(Golden.stored().stream().map(Golden::name))
                .containsExactlyInAnyOrderElementsOf(GoldenOperations.names());
    }

    /** On the tape of a golden's value and gradients, or with the reason why libtorch is not asked about it. */
    @Test
    void everyDifferentiableOperationIsAskedAbout() {
        Set<Class<?>> known = Operations.all().stream()
                .filter(Differentiable.class::isAssignableFrom)
                .collect(Collectors.toSet());
        Set<Class<?>> asked = new HashSet<>();
        Golden.stored().forEach(golden -> asked.addAll(operations(golden)));
        Set<Class<?>> others = new HashSet<>(known);
        others.removeAll(asked);
        assertThat(others).as("not asked about: %s", NOT_ASKED).isEqualTo(NOT_ASKED.keySet());
    }

    private static Set<Class<?>> operations(Golden golden) {
        Tape tape = Tape.recording();
        List<Tensor> operands = new ArrayList<>();
        for (Literal literal : golden.operands()) {
            operands.add(tape.input("operand " + operands.size(), literal));
        }
        Tensor output = GoldenOperations.apply(golden.name(), operands);
        if (output.dtype().isFloating()) {
            Tensor cotangent = tape.input("cotangent", output.type());
            Gradient.partial(
                    tape,
                    output,
                    cotangent,
                    operands.stream().filter(x -> x.dtype().isFloating()).toList());
        }
        return tape.nodes().stream().map(node -> node.op().getClass()).collect(Collectors.toSet());
    }

    @TestFactory
    Stream<DynamicTest> theReferenceComputesWhatLibtorchComputesInDouble() {
        return Golden.stored().stream()
                .map(golden ->
                        dynamicTest(golden.name(), () -> check(golden, new ReferenceDevice(), DType.F64, EXACT)));
    }

    @TestFactory
    Stream<DynamicTest> everyDeviceComputesItInSinglePrecision() {
        return Devices.all().entrySet().stream()
                .flatMap(device -> Golden.stored().stream()
                        .map(golden -> dynamicTest(
                                golden.name() + " on " + device.getKey(),
                                () -> check(golden, device.getValue().get(), DType.F32, SINGLE))));
    }

    private static void check(Golden golden, Device device, DType dtype, double tolerance) {
        try (device;
                Tape tape = Tape.eager(device)) {
            List<Tensor> operands = new ArrayList<>();
            List<Tensor> floating = new ArrayList<>();
            for (Literal literal : golden.operands()) {
                boolean carries = literal.type().dtype().isFloating();
                Tensor operand = tape.input("operand " + operands.size(), carries ? literal.with(dtype) : literal);
                operands.add(operand);
                if (carries) {
                    floating.add(operand);
                }
            }
            Tensor output = GoldenOperations.apply(golden.name(), operands);
            assertThat(output.shape()).isEqualTo(golden.shape());
            compare("value", output, golden.values(), tolerance);
            Tensor weights =
                    tape.input("weights", Literal.ripple(output.shape().dims()).with(dtype));
            List<Tensor> gradients =
                    Gradient.orZeros(tape, output.cast(dtype).multiply(weights).sum(), floating);
            Tensor squares = tape.constant(0, dtype);
            for (int i = 0; i < gradients.size(); i++) {
                compare("gradient " + i, gradients.get(i), golden.gradients().get(i), tolerance);
                squares = squares.add(gradients.get(i).square().sum());
            }
            List<Tensor> seconds = Gradient.orZeros(tape, squares, floating);
            for (int i = 0; i < seconds.size(); i++) {
                compare("second " + i, seconds.get(i), golden.seconds().get(i), tolerance);
            }
        }
    }

    private static void compare(String what, Tensor actual, double[] expected, double tolerance) {
        double scale = 1;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        double[] values = actual.values();
        assertThat(values).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[i]).as("%s at %d", what, i).isCloseTo(expected[i], within(tolerance * scale));
        }
    }
}
