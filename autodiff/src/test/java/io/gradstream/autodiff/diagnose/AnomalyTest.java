package io.gradstream.autodiff.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Operations;
import io.gradstream.autodiff.op.Sample;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AnomalyTest {

    private final Tape tape = Tape.recording();

    /** A NaN injected into every operation at every sample: that one is blamed, with what it was given. */
    @TestFactory
    Stream<DynamicNode> blamesTheOperationThatANanWasInjectedInto() {
        return Operations.all().stream().flatMap(operation -> {
            List<Sample> samples = Operations.samples(operation);
            return IntStream.range(0, samples.size())
                    .filter(i -> samples.get(i).op() instanceof Kernel
                            && isFinite(samples.get(i))
                            && canBeNan(samples.get(i)))
                    .mapToObj(i -> dynamicTest(
                            operation.getSimpleName() + " sample " + i, () -> blamesInjected(samples.get(i))));
        });
    }

    private static void blamesInjected(Sample sample) {
        Tape tape = Tape.recording();
        List<Tensor> inputs = new ArrayList<>();
        for (Literal input : sample.inputs()) {
            inputs.add(tape.input("input " + inputs.size(), input));
        }
        Tensor node = tape.emit(sample.op(), inputs.toArray(Value[]::new));
        Tensor result = node.cast(DType.F64).multiply(2).sum();
        try (Device device = new PoisoningDevice(new ReferenceDevice(), (Kernel) sample.op());
                Plan plan = Plan.compile(tape, device, result)) {
            Anomaly anomaly = Anomaly.find(plan).orElseThrow();

            assertThat(anomaly.node()).isSameAs(node);
            assertThat(anomaly.site()).asString().startsWith("AnomalyTest.java:");
            assertThat(anomaly.output().nans()).isPositive();
            assertThat(anomaly.inputs()).hasSize(inputs.size()).allMatch(Range::isFinite);
        }
    }

    private static boolean isFinite(Sample sample) {
        return sample.inputs().stream()
                .allMatch(input -> Arrays.stream(input.values()).allMatch(Double::isFinite));
    }

    private static boolean canBeNan(Sample sample) {
        List<TensorType> inputs = sample.inputs().stream().map(Literal::type).toList();
        return sample.op().type(inputs).dtype().isFloating();
    }

    @Test
    void namesOperationLineAndRangesOfWhatItWasGiven() {
        Tensor x = tape.input("x", Literal.of(-0.5, 2, 3));
        Tensor y = x.log().square().sum();

        Anomaly anomaly = find(y).orElseThrow();

        assertThat(anomaly.node().op().name()).isEqualTo("Log");
        assertThat(anomaly.inputs()).hasSize(1);
        assertThat(anomaly.inputs().get(0).least()).isEqualTo(-0.5);
        assertThat(anomaly.inputs().get(0).largest()).isEqualTo(3);
        assertThat(anomaly)
                .asString()
                .matches(
                        "first value that is not finite: output=%1 Log F32\\[3] \\(AnomalyTest\\.java:\\d+\\) in \\[.*] nans=1 "
                                + "infinities=0 inputs=%0 Input\\(x\\) F32\\[3] \\(AnomalyTest\\.java:\\d+\\) in \\[-0\\.5, 3\\.0]");
    }

    @Test
    void namesTheForwardLineOfAFaultInBackward() {
        Tensor x = tape.input("x", Literal.of(4, 0));
        Tensor root = x.sqrt();
        Tensor gradient = Gradient.of(tape, root.sum(), List.of(x)).get(0);

        Anomaly anomaly = find(gradient).orElseThrow();

        assertThat(anomaly.output().infinities()).isOne();
        assertThat(anomaly.site()).hasToString(root.site().toString());
    }

    @Test
    void namesTheLeafThatBroughtItIn() {
        Tensor x = tape.input("x", Literal.of(1, Double.NaN));

        assertThat(find(x.exp().sum()).orElseThrow().node()).isSameAs(x);
    }

    @Test
    void isSilentWhileResultsAreFiniteWhateverWasMaskedOnTheWay() {
        Tensor x = tape.input("x", Literal.of(-1, 2));
        Tensor zero = tape.constant(0, DType.F32);

        assertThat(find(x.greater(zero).choose(x.log(), zero))).isEmpty();
    }

    @Test
    void takesInfiniteConstantsForIntended() {
        Tensor masked = tape.input("mask", Literal.of(0, 0))
                .choose(tape.input("x", Literal.of(1, 2)), tape.constant(Double.NEGATIVE_INFINITY, DType.F32));
        Tensor softmax = masked.softmax();

        assertThat(find(softmax).orElseThrow().node()).isSameAs(softmax);
    }

    @Test
    void seesThroughAnAccumulatorThatIsSpoiledAlready() {
        Tensor x = tape.input("x", Literal.of(0, 1));
        Tensor logarithm = x.log();
        tape.input("total", TensorType.of(DType.F32, 2)).accumulate(logarithm);
        try (Device device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, List.of(), Map.of())) {
            plan.run();
            assertThat(Anomaly.find(plan).orElseThrow().node()).isSameAs(logarithm);

            Transfer.write(device, plan.input("x"), 1, 1);
            assertThat(Anomaly.find(plan)).isEmpty();
            assertThat(Transfer.read(device, plan.input("total"))[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        }
    }

    private Optional<Anomaly> find(Tensor result) {
        try (Device device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, result)) {
            plan.run();
            return Anomaly.find(plan);
        }
    }
}
