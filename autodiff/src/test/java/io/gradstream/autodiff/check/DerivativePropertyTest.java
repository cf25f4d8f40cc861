package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Operations;
import io.gradstream.autodiff.op.Sample;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.Jvp;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DerivativePropertyTest {

    private static final List<Sample> SAMPLES = Operations.all().stream()
            .flatMap(operation -> Operations.samples(operation).stream())
            .filter(Sample::differentiable)
            .toList();

    @Provide
    Arbitrary<Sample> samples() {
        return Arbitraries.of(SAMPLES);
    }

    /** vjp(a·u + b·v) = a·vjp(u) + b·vjp(v) for every operation. */
    @Property(seed = "1", tries = 500)
    void pullsBackLinearly(
            @ForAll("samples") Sample sample,
            @ForAll @DoubleRange(min = -2, max = 2) double a,
            @ForAll @DoubleRange(min = -2, max = 2) double b,
            @ForAll long seed) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            List<Tensor> inputs = inputs(tape, sample);
            List<Tensor> floating =
                    inputs.stream().filter(input -> input.dtype().isFloating()).toList();
            Tensor output = tape.emit(sample.op(), inputs.toArray(Value[]::new));
            Tensor u = cotangent(tape, "u", seed, output);
            Tensor v = cotangent(tape, "v", seed + 1, output);

            List<Tensor> sum = Gradient.partial(tape, output, u.multiply(a).add(v.multiply(b)), floating);
            List<Tensor> first = Gradient.partial(tape, output, u, floating);
            List<Tensor> second = Gradient.partial(tape, output, v, floating);

            for (int i = 0; i < floating.size(); i++) {
                double[] expected =
                        first.get(i).multiply(a).add(second.get(i).multiply(b)).values();
                double scale = 1;
                for (double element : expected) {
                    scale = Math.max(scale, Math.abs(element));
                }
                assertThat(sum.get(i).values()).containsExactly(expected, within(1e-4 * scale));
            }
        }
    }

    /** Chain rule: a random program of smooth operations against central differences, backward, forward and one by the other. */
    @Property(seed = "2", tries = 200)
    void chainsTheRulesOfARandomProgram(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 1_000_000) Integer> program,
            @ForAll long seed) {
        List<Literal> inputs = List.of(Shapes.numbers(seed, Shape.of(2, 3)), Shapes.numbers(seed + 1, Shape.of(3)));

        assertThat(GradientCheck.reverse(values -> run(values, program), inputs))
                .isEmpty();
        assertThat(GradientCheck.forward(values -> run(values, program), inputs))
                .isEmpty();
    }

    /** ⟨v, H·u⟩ = ⟨u, H·v⟩: second derivatives of a random program do not depend on their order. */
    @Property(seed = "3", tries = 100)
    void derivesTwiceInEitherOrder(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 1_000_000) Integer> program,
            @ForAll long seed) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Shapes.numbers(seed, Shape.of(2, 3)));
            Tensor y = tape.input("y", Shapes.numbers(seed + 1, Shape.of(3)));
            Tensor u = tape.input("u", Shapes.numbers(seed + 2, Shape.of(2, 3)));
            Tensor v = tape.input("v", Shapes.numbers(seed + 3, Shape.of(2, 3)));
            Tensor scalar = run(List.of(x, y), program).sum();
            Tensor gradient = Gradient.orZeros(tape, scalar, List.of(x)).get(0);

            double forth = Jvp.of(tape, gradient, List.of(x), List.of(u))
                    .multiply(v)
                    .sum()
                    .item();
            double back = Gradient.partial(tape, gradient, v, List.of(x))
                    .get(0)
                    .multiply(u)
                    .sum()
                    .item();

            assertThat(back).isCloseTo(forth, within(1e-9 * Math.max(1, Math.abs(forth))));
        }
    }

    /** Each number chooses an operation and its operands among what is there already. */
    private static Tensor run(List<Tensor> inputs, List<Integer> program) {
        List<Tensor> values = new ArrayList<>(inputs);
        for (int step : program) {
            Tensor a = values.get(step % values.size());
            Tensor b = values.get(step / 97 % values.size());
            values.add(operation(step / 7919 % 9, a, b));
        }
        Tensor result = values.get(values.size() - 1);
        return result.add(inputs.get(0).multiply(0.1).sum())
                .add(inputs.get(1).multiply(0.2).sum());
    }

    private static Tensor operation(int which, Tensor a, Tensor b) {
        return switch (which) {
            case 0 -> a.add(b);
            case 1 -> a.multiply(b).tanh();
            case 2 -> a.subtract(b).sigmoid();
            case 3 -> a.square().multiply(0.3);
            case 4 -> a.tanh().exp();
            case 5 -> a.divide(b.square().add(1));
            case 6 -> a.softplus();
            case 7 -> a.softmax().multiply(b);
            default -> a.sumKeeping(-1).multiply(0.5).add(b);
        };
    }

    private static List<Tensor> inputs(Tape tape, Sample sample) {
        List<Tensor> inputs = new ArrayList<>();
        for (Literal input : sample.inputs()) {
            inputs.add(tape.input("input " + inputs.size(), input));
        }
        return inputs;
    }

    private static Tensor cotangent(Tape tape, String name, long seed, Tensor output) {
        DType dtype = output.dtype().gradient();
        return tape.input(name, Shapes.numbers(seed, output.shape()).with(dtype));
    }
}
