package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LowRankTest {
    private static final int INPUTS = 11;
    private static final int OUTPUTS = 13;
    private static final LowRank LORA = new LowRank(2, 6, false);
    private static final LowRank DORA = new LowRank(2, 6, true);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beginsAsTheBase(boolean decomposed) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.wave(5, INPUTS));
            Parameters adapted = parameters(tape, Optional.of(decomposed ? DORA : LORA));
            double[] values = new Linear(OUTPUTS).forward(x, adapted).values();

            assertThat(values)
                    .containsExactly(
                            x.linear(tape.leaf("weight"), tape.leaf("bias")).values(), within(1e-12));
        }
    }

    @Test
    void trainsTheAdaptersAlone() {
        Tape tape = Tape.recording();
        Parameters lora = parameters(tape, Optional.of(LORA));
        new Linear(OUTPUTS).forward(input(tape), lora);

        assertThat(lora.specs())
                .extracting(ParameterSpec::name, ParameterSpec::kind, ParameterSpec::shape)
                .containsExactly(
                        tuple("weight", Kind.FROZEN, Shape.of(OUTPUTS, INPUTS)),
                        tuple("bias", Kind.FROZEN, Shape.of(OUTPUTS)),
                        tuple("lora.a", Kind.TRAINED, Shape.of(2, INPUTS)),
                        tuple("lora.b", Kind.TRAINED, Shape.of(OUTPUTS, 2)));
    }

    /** Neither forward nor backward makes anything as large as the base of LoRA. */
    @Test
    void theBaseHasNoGradientMemory() {
        Tape tape = Tape.recording();
        Parameters lora = parameters(tape, Optional.of(LORA));
        Tensor y = new Linear(OUTPUTS).forward(input(tape), lora);
        Gradient.of(tape, y.square().sum(), List.of(tape.leaf("lora.a"), tape.leaf("lora.b")));

        assertThat(tape.nodes())
                .filteredOn(node -> node.shape().equals(Shape.of(OUTPUTS, INPUTS)))
                .extracting(Tensor::op)
                .singleElement()
                .isInstanceOf(Leaf.class);
    }

    /** W + α/r·B·A, and for DoRA its rows brought to the length magnitude·‖W row‖, multiplied out by hand. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isTheAdaptedWeight(boolean decomposed) {
        LowRank adapter = decomposed ? DORA : LORA;
        double[] weight = Literal.wave(OUTPUTS, INPUTS).values();
        double[] a = Literal.ripple(2, INPUTS).values();
        double[] b = Literal.positive(OUTPUTS, 2).values();
        double[] magnitude = Literal.fraction(OUTPUTS).values();
        double[] rows = Literal.positive(3, INPUTS).values();
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 3, INPUTS));
        Tensor y = new Linear(OUTPUTS).withoutBias().forward(x, parameters(tape, Optional.of(adapter)));
        double[] values;
        try (Device device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, y)) {
            Transfer.write(device, plan.input("x"), rows);
            Transfer.write(device, plan.input("weight"), weight);
            Transfer.write(device, plan.input("lora.a"), a);
            Transfer.write(device, plan.input("lora.b"), b);
            if (decomposed) {
                Transfer.write(device, plan.input("lora.magnitude"), magnitude);
            }
            plan.run();
            values = Transfer.read(device, plan.buffer(y));
        }

        for (int out = 0; out < OUTPUTS; out++) {
            double[] adapted = new double[INPUTS];
            double length = 0;
            double base = 0;
            for (int in = 0; in < INPUTS; in++) {
                double w = weight[out * INPUTS + in];
                adapted[in] = w + 3 * (b[out * 2] * a[in] + b[out * 2 + 1] * a[INPUTS + in]);
                length += adapted[in] * adapted[in];
                base += w * w;
            }
            double factor = decomposed ? magnitude[out] * Math.sqrt(base / length) : 1;
            for (int row = 0; row < 3; row++) {
                double expected = 0;
                for (int in = 0; in < INPUTS; in++) {
                    expected += factor * adapted[in] * rows[row * INPUTS + in];
                }
                assertThat(values[row * OUTPUTS + out]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    private static Tensor input(Tape tape) {
        return tape.input("x", TensorType.of(DType.F32, 5, INPUTS));
    }

    private static Parameters parameters(Tape tape, Optional<LowRank> adapters) {
        return Parameters.on(tape, 7, Mode.TRAINING, () -> tape.constant(0, DType.F64), adapters);
    }
}
