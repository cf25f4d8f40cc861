package io.gradstream.autodiff.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.check.GradientCheck;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExamplesTest {

    @Test
    void learnsExclusiveOr() {
        String output = printed(() -> LearnXor.main(new String[0]));

        double[] numbers = Pattern.compile("[\\d.E-]+")
                .matcher(output.replace("xor", ""))
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group()))
                .toArray();
        assertThat(numbers).containsExactly(new double[] {0, 0, 1, 1, 0}, within(0.1));
    }

    @Test
    void findsTheRootOfCosine() {
        String output = printed(() -> NewtonRoot.main(new String[0]));

        assertThat(Double.parseDouble(output.replace("root ", "").strip()))
                .isCloseTo(0.7390851332151607, within(1e-12));
    }

    @Test
    void showsHowGradientsFareInDeepNetworks() {
        assertThat(DeepNetworks.profile((x, layer) -> layer.sigmoid()).ratio()).isBetween(1e-18, 1e-14);
        assertThat(DeepNetworks.profile((x, layer) -> layer.tanh()).ratio()).isBetween(1e-6, 1e-3);
        assertThat(DeepNetworks.profile((x, layer) -> x.add(layer.relu())).ratio())
                .isBetween(0.1, 10.0);
        assertThat(printed(() -> DeepNetworks.main(new String[0])))
                .containsPattern("sigmoid .*VANISHING")
                .containsPattern("residual .*HEALTHY");
    }

    @Test
    void addsAnOperationWithARuleOfItsOwn() {
        List<Literal> inputs = List.of(Literal.wave(13));

        assertThat(GradientCheck.reverse(values -> Softsign.of(values.get(0)), inputs))
                .isEmpty();
        assertThat(GradientCheck.forward(values -> Softsign.of(values.get(0)), inputs))
                .isEmpty();
    }

    @Test
    void addsALayer() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.wave(6, 5));
            Parameters parameters = Parameters.on(tape, 7, Mode.TRAINING);
            Tensor y = new GatedLinear(3).forward(x, parameters.in("gated"));

            assertThat(y.shape().dims()).containsExactly(6, 3);
            assertThat(parameters.specs())
                    .extracting(spec -> spec.name())
                    .containsExactly("gated.value", "gated.gate", "gated.bias");
            assertThat(Gradient.of(y.square().sum(), tape.leaf("gated.gate"))
                            .get(0)
                            .shape()
                            .dims())
                    .containsExactly(3, 5);
        }
    }

    /** v₁ = g₁ and p₁ = p₀ - η·g₁; v₂ = μ·v₁ + g₂ and p₂ = p₁ - η·v₂, for ½p² whose gradient is p. */
    @Test
    void addsAnOptimizer() {
        Tape tape = Tape.recording();
        Tensor p = tape.parameter("p", Literal.of(8).with(DType.F64));
        List<Tensor> gradients = Gradient.of(p.square().multiply(0.5).sum(), p);
        new Momentum(0.25, 0.5).record(List.of(p), gradients);
        try (ReferenceDevice device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device)) {
            plan.run();
            assertThat(plan.values(p)).containsExactly(8 - 0.25 * 8);
            plan.run();
            assertThat(plan.values(p)).containsExactly(6 - 0.25 * (0.5 * 8 + 6));
        }
    }

    @Test
    void addsADevice() {
        Tape tape = Tape.recording();
        Tensor y = tape.input("x", Literal.of(1, 2)).exp().square();
        try (CountingDevice device = new CountingDevice(new ReferenceDevice());
                Plan plan = Plan.compile(tape, device, y)) {
            plan.run();

            assertThat(plan.values(y)[0]).isCloseTo(Math.exp(2), within(1e-5));
            assertThat(device.calls()).isEqualTo(Map.of("Exp", 1, "Square", 1));
        }
    }

    private static String printed(Runnable program) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
