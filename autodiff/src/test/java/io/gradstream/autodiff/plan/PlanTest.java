package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.MixedPrecision;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanTest {

    private final ReferenceDevice reference = new ReferenceDevice();

    Stream<Arguments> devices() {
        return Devices.all().entrySet().stream().map(device -> Arguments.of(device.getKey(), device.getValue()));
    }

    @Test
    void keepsInputsAndRunsAgainOnNewOnes() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 2));
        Tensor y = x.square().add(1);
        try (Plan plan = Plan.compile(tape, reference, y)) {
            Transfer.write(reference, plan.input("x"), 2, 3);
            plan.run();
            assertThat(read(plan, y)).containsExactly(5, 10);
            Transfer.write(reference, plan.input("x"), -1, 0);
            plan.run();
            assertThat(read(plan, y)).containsExactly(2, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void timesEveryCallOfTheRunsItIsAskedToWatch(String name, Supplier<Device> open) {
        try (Device device = open.get();
                Plan plan = SmallNetwork.compile(device)) {
            List<KernelTime> times = plan.profile(plan::run);
            assertThat(times).hasSize(plan.calls()).allMatch(time -> time.nanos() >= 0);
            assertThat(times.stream().mapToDouble(KernelTime::nanos).sum()).isPositive();
            assertThatThrownBy(() -> plan.profile(() -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a profile needs a run");
        }
    }

    @Test
    void startsFromTheContentOfItsLeaves() {
        Tape tape = Tape.recording();
        Tensor y = tape.input("x", Literal.of(2, 3)).multiply(10);
        try (Plan plan = Plan.compile(tape, reference, y)) {
            plan.run();
            assertThat(read(plan, y)).containsExactly(20, 30);
        }
    }

    @Test
    void worksOnBuffersBoundByName() {
        Tape tape = Tape.recording();
        Tensor weight = tape.parameter("w", TensorType.of(DType.F32, 2));
        Tensor doubled = weight.accumulate(weight.multiply(1));
        try (Memory block = reference.allocate(64)) {
            Buffer view = new Buffer(block, 16, weight.type());
            Transfer.write(reference, view, 3, 4);
            try (Plan plan = Plan.compile(tape, reference, List.of(doubled), Map.of("w", view))) {
                plan.run();
                plan.run();
                assertThat(Transfer.read(reference, view)).containsExactly(12, 16);
                assertThat(plan.input("w")).isEqualTo(view);
            }
        }
    }

    @Test
    void refusesABindingOfAnotherType() {
        Tape tape = Tape.recording();
        tape.input("x", TensorType.of(DType.F32, 2));
        try (Memory block = reference.allocate(64)) {
            Buffer wrong = new Buffer(block, 0, TensorType.of(DType.F32, 3));
            assertThatThrownBy(() -> Plan.compile(tape, reference, List.of(), Map.of("x", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("leaf=%0 Input(x)");
        }
    }

    @Test
    void dropsDeadStepsButKeepsInPlaceOnes() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor total = tape.input("total", Literal.of(0, 0));
        total.accumulate(x.exp());
        x.log().sqrt();
        Tensor y = x.negate();
        try (Plan plan = Plan.compile(tape, reference, y)) {
            assertThat(plan.calls()).isEqualTo(3);
            assertThat(plan.describe()).contains("Exp", "Accumulate", "Negate").doesNotContain("Sqrt");
        }
    }

    @Test
    void computesRepeatedValuesOnce() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor y = x.sigmoid().add(x.sigmoid()).multiply(x.sigmoid().reshape(2));
        try (Plan plan = Plan.compile(tape, reference, y)) {
            plan.run();
            double s = 1 / (1 + Math.exp(-1));
            assertThat(plan.calls()).isEqualTo(3);
            assertThat(read(plan, y)[0]).isCloseTo((s + s) * s, within(1e-6));
        }
    }

    @Test
    void doesNotTakeAnOverwrittenValueForItsNewVersion() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor before = x.multiply(2);
        Tensor filled = x.fill(7);
        Tensor after = filled.multiply(2);
        try (Plan plan = Plan.compile(tape, reference, before, after)) {
            plan.run();
            assertThat(read(plan, before)).containsExactly(2, 4);
            assertThat(read(plan, after)).containsExactly(14, 14);
        }
    }

    @Test
    void reusesThePlacesOfDeadValues() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 1000));
        Tensor y = x;
        for (int i = 0; i < 50; i++) {
            y = y.multiply(y).add(x);
        }
        try (Plan plan = Plan.compile(tape, reference, y)) {
            assertThat(plan.arenaBytes()).isLessThan(4 * 8192);
            assertThat(plan.describe()).contains("without reuse=");
        }
    }

    @Test
    void readsBroadcastValuesWithoutCopyingThem() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(5, 7));
        Tensor y = x.square().sum();
        Tensor gradient = Gradient.of(tape, y, List.of(x)).get(0);
        try (Plan plan = Plan.compile(tape, reference, gradient)) {
            assertThat(plan.describe()).doesNotContain("Broadcast");
        }
        Shadow.run(Plan.compile(tape, reference, y, gradient), reference, 0);
    }

    @Test
    void givesNoPlaceToAskForThatIsReused() {
        Tape tape = Tape.recording();
        Tensor hidden = tape.input("x", Literal.of(1)).exp();
        Tensor y = hidden.negate();
        try (Plan plan = Plan.compile(tape, reference, y)) {
            assertThatThrownBy(() -> plan.buffer(hidden))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Exp");
        }
    }

    @Test
    void compilesAChainOfAHundredThousandSteps() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1));
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.negate();
        }
        try (Plan plan = Plan.compile(tape, reference, y)) {
            plan.run();
            assertThat(read(plan, y)).containsExactly(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void givesTheBitsOfTheEagerRun(String name, Supplier<Device> supplier) {
        try (Device device = supplier.get();
                Plan plan = SmallNetwork.compile(device)) {
            Shadow.run(plan, device, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void agreesWithTheReference(String name, Supplier<Device> supplier) {
        try (Device device = supplier.get();
                Plan plan = SmallNetwork.compile(device)) {
            for (int i = 0; i < 3; i++) {
                Shadow.run(plan, reference, 1e-4);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void agreesWithTheReferenceInHalfPrecision(String name, Supplier<Device> supplier) {
        for (DType half : List.of(DType.BF16, DType.F16)) {
            Tape tape = Tape.recording();
            Tensor weight = tape.parameter("weight", Literal.ripple(9, 33));
            Tensor loss = tape.input("x", Literal.wave(13, 33))
                    .linear(weight, tape.parameter("bias", Literal.fraction(9)))
                    .tanh()
                    .square()
                    .mean();
            MixedPrecision mixed = MixedPrecision.of(tape, half);
            Tensor gradient = Gradient.of(mixed.tape(), mixed.image(loss), List.of(mixed.image(weight)))
                    .get(0);
            try (Device device = supplier.get();
                    Plan plan = Plan.compile(mixed.tape(), device, mixed.image(loss), gradient)) {
                Shadow.run(plan, reference, 1e-2);
            }
        }
    }

    private double[] read(Plan plan, Tensor value) {
        return Transfer.read(reference, plan.buffer(value));
    }
}
