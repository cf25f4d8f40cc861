package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Operations;
import io.gradstream.autodiff.op.Sample;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.Jvp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every operation at every one of its samples: its rules against numbers, every device against the reference. */
class OpRulesTest {

    @Test
    void everyOperationHasSamples() {
        assertThat(Operations.all())
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        operation -> assertThat(Operations.samples(operation)).isNotEmpty());
    }

    @TestFactory
    Stream<DynamicNode> backwardRulesMatchCentralDifferences() {
        return differentiable(sample -> assertThat(GradientCheck.reverse(function(sample), sample.inputs()))
                .isEmpty());
    }

    @TestFactory
    Stream<DynamicNode> forwardRulesMatchCentralDifferences() {
        return differentiable(sample -> assertThat(GradientCheck.forward(function(sample), sample.inputs()))
                .isEmpty());
    }

    @TestFactory
    Stream<DynamicNode> forwardRulesAreBackwardRulesTransposed() {
        return differentiable(OpRulesTest::checkTransposition);
    }

    @TestFactory
    Stream<DynamicNode> derivativesCanBeDerivedAgain() {
        return differentiable(sample -> {
            assertThat(GradientCheck.reverse(gradient(sample), sample.inputs())).isEmpty();
            assertThat(GradientCheck.forward(gradient(sample), sample.inputs())).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicNode> devicesComputeWhatTheReferenceComputes() {
        return Devices.all().entrySet().stream()
                .map(device -> dynamicContainer(
                        device.getKey(),
                        samples(
                                sample -> sample.op() instanceof Kernel,
                                sample -> compare(
                                        run(sample, device.getValue().get()),
                                        run(sample, new ReferenceDevice()),
                                        sample.tolerance()))));
    }

    @TestFactory
    Stream<DynamicNode> devicesDeriveWhatTheReferenceDerives() {
        return Devices.all().entrySet().stream()
                .map(device -> dynamicContainer(
                        device.getKey(),
                        samples(
                                Sample::differentiable,
                                sample -> compare(
                                        gradients(sample, device.getValue().get()),
                                        gradients(sample, new ReferenceDevice()),
                                        sample.tolerance()))));
    }

    private static Stream<DynamicNode> differentiable(Consumer<Sample> check) {
        return samples(Sample::differentiable, check);
    }

    private static Stream<DynamicNode> samples(Function<Sample, Boolean> wanted, Consumer<Sample> check) {
        return Operations.all().stream().flatMap(operation -> {
            List<Sample> samples = Operations.samples(operation);
            return IntStream.range(0, samples.size())
                    .filter(i -> wanted.apply(samples.get(i)))
                    .mapToObj(i -> dynamicTest(
                            operation.getSimpleName() + " sample " + i, () -> check.accept(samples.get(i))));
        });
    }

    private static Function<List<Tensor>, Tensor> function(Sample sample) {
        return inputs -> inputs.get(0).tape().emit(sample.op(), inputs.toArray(Value[]::new));
    }

    /** A scalar whose value depends on all gradients of the operation, and on every input in some way. */
    private static Function<List<Tensor>, Tensor> gradient(Sample sample) {
        return inputs -> {
            Tape tape = inputs.get(0).tape();
            Tensor output = function(sample).apply(inputs).cast(DType.F64);
            Tensor scalar = output.square().sum().add(output.sum());
            List<Tensor> floating = floating(inputs);
            Tensor sum = tape.constant(0, DType.F64);
            for (Tensor gradient : Gradient.orZeros(tape, scalar, floating)) {
                sum = sum.add(gradient.square().sum()).add(gradient.sum().multiply(0.3));
            }
            return sum;
        };
    }

    /** ⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩. */
    private static void checkTransposition(Sample sample) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            List<Tensor> inputs = new ArrayList<>();
            for (Literal input : sample.inputs()) {
                inputs.add(tape.input("input " + inputs.size(), wide(input)));
            }
            List<Tensor> floating = floating(inputs);
            List<Tensor> tangents = floating.stream()
                    .map(input -> tape.input("tangent " + input.id(), ripple(input)))
                    .toList();
            Tensor output = function(sample).apply(inputs).cast(DType.F64);
            Tensor cotangent = tape.input("cotangent", ripple(output));
            Tensor scalar = output.multiply(cotangent).sum();

            double pushed = Jvp.of(tape, output, floating, tangents)
                    .multiply(cotangent)
                    .sum()
                    .item();
            List<Tensor> gradients = Gradient.orZeros(tape, scalar, floating);
            double pulled = 0;
            for (int i = 0; i < floating.size(); i++) {
                pulled += gradients.get(i).multiply(tangents.get(i)).sum().item();
            }
            assertThat(pulled).isCloseTo(pushed, within(1e-11 * Math.max(1, Math.abs(pushed))));
        }
    }

    /** The result and every operand afterwards; what is not overwritten must be as it was, since devices run calls side by side that only read. */
    private static List<double[]> run(Sample sample, Device device) {
        List<Memory> memories = new ArrayList<>();
        try (device) {
            List<Buffer> inputs = new ArrayList<>();
            for (Literal input : sample.inputs()) {
                Buffer buffer = allocate(device, input.type(), memories);
                Transfer.write(device, buffer, input.values());
                inputs.add(buffer);
            }
            Kernel kernel = (Kernel) sample.op();
            TensorType type =
                    kernel.type(sample.inputs().stream().map(Literal::type).toList());
            Buffer output = kernel instanceof InPlace ? inputs.get(0) : allocate(device, type, memories);
            List<double[]> before =
                    inputs.stream().map(input -> Transfer.read(device, input)).toList();
            try (Program program = device.compile(List.of(new Call(kernel, inputs, output)))) {
                program.run();
            }
            List<double[]> results = new ArrayList<>();
            results.add(Transfer.read(device, output));
            for (int i = 0; i < inputs.size(); i++) {
                double[] after = Transfer.read(device, inputs.get(i));
                results.add(after);
                if (!(kernel instanceof InPlace inPlace && inPlace.overwrites().contains(i))) {
                    assertThat(Arrays.equals(after, before.get(i)))
                            .as("operand %s is only read", i)
                            .isTrue();
                }
            }
            memories.forEach(Memory::close);
            return results;
        }
    }

    private static Buffer allocate(Device device, TensorType type, List<Memory> memories) {
        Memory memory = device.allocate(type.shape().size() * device.bytesPerElement(type.dtype()));
        memories.add(memory);
        return new Buffer(memory, 0, type);
    }

    private static List<double[]> gradients(Sample sample, Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            List<Tensor> inputs = new ArrayList<>();
            for (Literal input : sample.inputs()) {
                inputs.add(tape.input("input " + inputs.size(), input));
            }
            Tensor output = function(sample).apply(inputs);
            Tensor weights = tape.input("weights", rippleOf(output));
            Tensor scalar = output.multiply(weights).sum();
            return Gradient.orZeros(tape, scalar, floating(inputs)).stream()
                    .map(Tensor::values)
                    .toList();
        }
    }

    private static void compare(List<double[]> actual, List<double[]> expected, double tolerance) {
        for (int value = 0; value < expected.size(); value++) {
            double[] truth = expected.get(value);
            double scale = 0;
            for (double element : truth) {
                scale = Double.isFinite(element) ? Math.max(scale, Math.abs(element)) : scale;
            }
            for (int i = 0; i < truth.length; i++) {
                double element = actual.get(value)[i];
                assertThat(element == truth[i]
                                || Double.compare(element, truth[i]) == 0
                                || Math.abs(element - truth[i]) <= tolerance * scale)
                        .as("value=%d index=%d actual=%s expected=%s", value, i, element, truth[i])
                        .isTrue();
            }
        }
    }

    private static List<Tensor> floating(List<Tensor> tensors) {
        return tensors.stream().filter(tensor -> tensor.dtype().isFloating()).toList();
    }

    private static Literal wide(Literal literal) {
        return literal.type().dtype().isFloating() ? literal.with(DType.F64) : literal;
    }

    private static Literal ripple(Tensor like) {
        return rippleOf(like).with(DType.F64);
    }

    private static Literal rippleOf(Tensor like) {
        return Literal.ripple(like.shape().dims()).with(like.dtype());
    }
}
