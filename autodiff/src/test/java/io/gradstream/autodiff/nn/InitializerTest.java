package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Philox;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
    private static final int INPUTS = 300;
    private static final int OUTPUTS = 500;

    @ParameterizedTest
    @MethodSource("variances")
    void hasItsVariance(String name, Initializer initializer, double variance) {
        double[] values = values(initializer, OUTPUTS, INPUTS);
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
        double spread = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .average()
                .orElseThrow();

        assertThat(mean).as(name).isCloseTo(0, within(0.02 * Math.sqrt(variance)));
        assertThat(spread).as(name).isCloseTo(variance, within(0.02 * variance));
    }

    static Stream<Arguments> variances() {
        return Stream.of(
                Arguments.of("PyTorch's linear", Initializer.Uniform.ofLinear(INPUTS, OUTPUTS), 1.0 / (3 * INPUTS)),
                Arguments.of("Xavier, uniform", Initializer.Uniform.xavier(INPUTS, OUTPUTS), 2.0 / (INPUTS + OUTPUTS)),
                Arguments.of("Xavier, normal", Initializer.Normal.xavier(INPUTS, OUTPUTS), 2.0 / (INPUTS + OUTPUTS)),
                Arguments.of("He, uniform", Initializer.Uniform.he(INPUTS, OUTPUTS), 2.0 / INPUTS),
                Arguments.of("He, normal", Initializer.Normal.he(INPUTS, OUTPUTS), 2.0 / INPUTS),
                Arguments.of("GPT-2's residual of 24 branches", Initializer.Normal.ofResidual(24), 0.0004 / 24),
                Arguments.of("embedding", Initializer.Normal.ofEmbedding(16), 0.01 / 16),
                Arguments.of("orthogonal", new Initializer.Orthogonal(1), 1.0 / OUTPUTS));
    }

    @Test
    void zerosAreZeros() {
        assertThat(values(new Initializer.Constant(0), 3, 2)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void orthogonalVectorsHaveTheGainsLengthAndNoCommonPart(int rows, int columns) {
        double[] values = values(new Initializer.Orthogonal(3), rows, columns);
        boolean wide = rows <= columns;
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double dot = 0;
                for (int i = 0; i < length; i++) {
                    dot += wide
                            ? values[a * columns + i] * values[b * columns + i]
                            : values[i * columns + a] * values[i * columns + b];
                }
                assertThat(dot).isCloseTo(a == b ? 9 : 0, within(1e-5));
            }
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(Arguments.of(13, 13), Arguments.of(5, 17), Arguments.of(17, 5), Arguments.of(1, 1));
    }

    private static double[] values(Initializer initializer, int rows, int columns) {
        double[] values = new double[rows * columns];
        initializer.write(
                Philox.named(3, "weight"), Shape.of(rows, columns), (index, value) -> values[(int) index] = value);
        return values;
    }
}
