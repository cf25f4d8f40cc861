package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImplicitTest {

    private final Tape tape = Tape.eager(new ReferenceDevice());

    @AfterEach
    void close() {
        tape.close();
    }

    /** z = tanh(w·z + b) elementwise: dz/db = s / (1 - w·s) with s = 1 - z², and dz/dw = z·dz/db. */
    @Test
    void differentiatesAFixedPoint() {
        Tensor w = vector("w", 0.4, -0.6);
        Tensor b = vector("b", 0.3, 1.1);
        Tensor z = fixedPoint(w, b);

        List<Tensor> gradients = Gradient.of(tape, z.sum(), List.of(w, b));

        for (int i = 0; i < 2; i++) {
            double at = z.values()[i];
            double s = 1 - at * at;
            double byBias = s / (1 - w.values()[i] * s);
            assertThat(at).isCloseTo(Math.tanh(w.values()[i] * at + b.values()[i]), within(1e-14));
            assertThat(gradients.get(1).values()[i]).isCloseTo(byBias, within(1e-12));
            assertThat(gradients.get(0).values()[i]).isCloseTo(at * byBias, within(1e-12));
        }
    }

    @Test
    void carriesTangentsThroughAFixedPointAsItsGradientSays() {
        Tensor w = vector("w", 0.4, -0.6);
        Tensor b = vector("b", 0.3, 1.1);
        Tensor z = fixedPoint(w, b);
        Tensor direction = vector("direction", 2, -3);

        double pushed = Jvp.of(tape, z.sum(), List.of(b), List.of(direction)).item();
        double pulled = Gradient.of(tape, z.sum(), List.of(b))
                .get(0)
                .multiply(direction)
                .sum()
                .item();

        assertThat(pushed).isCloseTo(pulled, within(1e-12));
    }

    @Test
    void differentiatesAFixedPointTwice() {
        Tensor w = vector("w", 0.4);
        Tensor b = vector("b", 0.3);
        Tensor z = fixedPoint(w, b);
        Tensor first = Gradient.of(tape, z.sum(), List.of(b)).get(0);

        double second = Gradient.of(tape, first.sum(), List.of(b)).get(0).item();

        double at = z.item();
        double s = 1 - at * at;
        double slope = s / (1 - 0.4 * s);
        assertThat(second).isCloseTo(-2 * at * slope / Math.pow(1 - 0.4 * s, 2), within(1e-10));
    }

    /** Ridge regression: z = (A + λ)⁻¹·c with A = diag(1, 4), so dz/dλ = -(A + λ)⁻¹·z and dz/dc = (A + λ)⁻¹. */
    @Test
    void differentiatesTheMinimumOfARidgeRegression() {
        Tensor lambda = vector("lambda", 0.5);
        Tensor c = vector("c", 3, 9);
        Tensor z = ridge(lambda, c, vector("found", 3 / 1.5, 9 / 4.5));

        List<Tensor> gradients = Gradient.of(tape, z.slice(0, 1, 2).sum(), List.of(lambda, c));
        Tensor second =
                Gradient.of(tape, gradients.get(0).sum(), List.of(lambda)).get(0);

        assertThat(gradients.get(0).item()).isCloseTo(-2 / 4.5, within(1e-12));
        assertThat(gradients.get(1).values()).containsExactly(new double[] {0, 1 / 4.5}, within(1e-12));
        assertThat(second.item()).isCloseTo(2 * 2 / (4.5 * 4.5), within(1e-10));
    }

    @Test
    void carriesTangentsThroughAMinimum() {
        Tensor lambda = vector("lambda", 0.5);
        Tensor z = ridge(lambda, vector("c", 3, 9), vector("found", 3 / 1.5, 9 / 4.5));

        Tensor tangent = Jvp.of(tape, z, List.of(lambda), List.of(vector("one", 1)));

        assertThat(tangent.values()).containsExactly(new double[] {-2 / 1.5, -2 / 4.5}, within(1e-12));
    }

    @Test
    void recordsNothingOfTheSolver() {
        Tensor b = vector("b", 0.3);
        Tensor found = vector("found", 0.2);
        Tensor wrong = Implicit.fixedPoint(found, List.of(b), (z, parameters) -> parameters.get(0), 0);

        assertThat(wrong.item()).isEqualTo(0.2);
        assertThat(Gradient.of(tape, wrong.sum(), List.of(b)).get(0).item()).isEqualTo(1);
    }

    private Tensor fixedPoint(Tensor w, Tensor b) {
        Tensor found = tape.untracked(() -> {
            Tensor z = b;
            for (int i = 0; i < 100; i++) {
                z = w.multiply(z).add(b).tanh();
            }
            return z;
        });
        return Implicit.fixedPoint(
                found,
                List.of(w, b),
                (z, parameters) ->
                        parameters.get(0).multiply(z).add(parameters.get(1)).tanh(),
                100);
    }

    private Tensor ridge(Tensor lambda, Tensor c, Tensor found) {
        return Implicit.minimum(
                found,
                List.of(lambda, c),
                (z, parameters) -> {
                    Tensor curvature = vector("curvature " + tape.size(), 1, 4).add(parameters.get(0));
                    return curvature
                            .multiply(z.square())
                            .multiply(0.5)
                            .subtract(z.multiply(parameters.get(1)))
                            .sum();
                },
                2);
    }

    private Tensor vector(String name, double... values) {
        return tape.input(name, new Literal(TensorType.of(DType.F64, values.length), values));
    }
}
