package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.check.GradientCheck;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What click models multiply with each other, against sums over pairs and against central differences. */
class InteractionTest {
    private static final int ROWS = 2;
    private static final int FIELDS = 4;
    private static final int DIMENSION = 3;

    @Test
    void dotInteractionIsTheProductOfEveryPair() {
        try (Eagerly eagerly = new Eagerly()) {
            double[] x = Literal.wave(ROWS, FIELDS, DIMENSION).values();
            double[] y = new DotInteraction()
                    .forward(eagerly.wave(ROWS, FIELDS, DIMENSION))
                    .values();

            int at = 0;
            for (int row = 0; row < ROWS; row++) {
                for (int a = 1; a < FIELDS; a++) {
                    for (int b = 0; b < a; b++) {
                        assertThat(y[at++]).isCloseTo(dot(x, row, a, b), within(1e-5));
                    }
                }
            }
            assertThat(y).hasSize(at);
        }
    }

    @Test
    void factorizationMachineIsTheirSum() {
        try (Eagerly eagerly = new Eagerly()) {
            Tensor fields = eagerly.wave(ROWS, FIELDS, DIMENSION);
            double[] y = new FactorizationMachine().forward(fields).values();
            double[] pairs = new DotInteraction().forward(fields).sum(1).values();

            assertThat(y).containsExactly(pairs, within(1e-5));
        }
    }

    @Test
    void crossMultipliesWithTheFirstInput() {
        try (Eagerly eagerly = new Eagerly()) {
            Tensor first = eagerly.wave(ROWS, 2);
            Tensor x = eagerly.of(Literal.ripple(ROWS, 2));
            Parameters vector = eagerly.parameters.in("vector");
            Parameters matrix = eagerly.parameters.in("matrix");
            double[] v1 = new Cross(Cross.Form.VECTOR).forward(first, x, vector).values();
            double[] v2 = new Cross(Cross.Form.MATRIX).forward(first, x, matrix).values();

            double[] w = eagerly.tape.leaf("vector.weight").values();
            double[] m = eagerly.tape.leaf("matrix.weight").values();
            double[] b = eagerly.tape.leaf("matrix.bias").values();
            for (int row = 0; row < ROWS; row++) {
                double[] x0 = {first.values()[2 * row], first.values()[2 * row + 1]};
                double[] xl = {x.values()[2 * row], x.values()[2 * row + 1]};
                for (int i = 0; i < 2; i++) {
                    assertThat(v1[2 * row + i]).isCloseTo(x0[i] * (w[0] * xl[0] + w[1] * xl[1]) + xl[i], within(1e-5));
                    assertThat(v2[2 * row + i])
                            .isCloseTo(x0[i] * (m[2 * i] * xl[0] + m[2 * i + 1] * xl[1] + b[i]) + xl[i], within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("interactions")
    void differentiates(String name, UnaryOperator<Tensor> interaction) {
        List<Literal> fields = List.of(Literal.wave(ROWS, FIELDS, DIMENSION));

        assertThat(GradientCheck.reverse(inputs -> interaction.apply(inputs.getFirst()), fields))
                .as(name)
                .isEmpty();
        assertThat(GradientCheck.forward(inputs -> interaction.apply(inputs.getFirst()), fields))
                .as(name)
                .isEmpty();
    }

    static Stream<Arguments> interactions() {
        return Stream.of(
                arguments("dot interaction", x -> new DotInteraction().forward(x)),
                arguments("factorization machine", x -> new FactorizationMachine().forward(x)),
                arguments("cross, vector", x -> cross(Cross.Form.VECTOR, x)),
                arguments("cross, matrix", x -> cross(Cross.Form.MATRIX, x)));
    }

    private static Arguments arguments(String name, UnaryOperator<Tensor> interaction) {
        return Arguments.of(name, interaction);
    }

    private static Tensor cross(Cross.Form form, Tensor fields) {
        Tensor x = fields.reshape(ROWS, FIELDS * DIMENSION).cast(DType.F32);
        return new Cross(form).forward(x, x.tanh(), Parameters.on(x.tape(), 7, Mode.TRAINING));
    }

    private static double dot(double[] x, int row, int a, int b) {
        double sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            sum += x[(row * FIELDS + a) * DIMENSION + i] * x[(row * FIELDS + b) * DIMENSION + i];
        }
        return sum;
    }
}
