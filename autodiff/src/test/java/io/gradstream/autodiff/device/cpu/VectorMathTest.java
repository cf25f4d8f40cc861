package io.gradstream.autodiff.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Erf;
import io.gradstream.autodiff.op.Exp;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.Log;
import io.gradstream.autodiff.op.Log1p;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.Sign;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.Softplus;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Unary;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorMathTest {
    private static final double TOLERANCE = 1e-6;

    static Stream<Unary> functions() {
        return Stream.of(
                new Exp(),
                new Log(),
                new Log1p(),
                new Tanh(),
                new Sigmoid(),
                new Erf(),
                new Elu(1),
                new Elu(0.3),
                new Sign());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void isWithinOneMillionthOfTheExactValue(Unary function) {
        float[] arguments = arguments();
        float[] results = run(function, arguments);
        for (int i = 0; i < arguments.length; i++) {
            assertClose(function, arguments[i], results[i], function.apply(arguments[i]), TOLERANCE);
        }
    }

    /** GELU and SiLU multiply by x what nearly cancels far below zero, so they are held to the size of x. */
    @Test
    void productsWithTheArgumentAreCloseInItsScale() {
        float[] arguments = arguments();
        for (Unary function : new Unary[] {new Gelu(), new Silu()}) {
            float[] results = run(function, arguments);
            for (int i = 0; i < arguments.length; i++) {
                if (Math.abs(arguments[i]) < 1e30) {
                    assertThat((double) results[i])
                            .as("%s(%s)", function, arguments[i])
                            .isCloseTo(
                                    function.apply(arguments[i]),
                                    org.assertj.core.data.Offset.offset(1e-30 + TOLERANCE * Math.abs(arguments[i])));
                }
            }
        }
    }

    @Test
    void crossEntropyKeepsSmallLossesOfConfidentLogits() {
        SigmoidCrossEntropy loss = new SigmoidCrossEntropy();
        Softplus softplus = new Softplus();
        float[] logits = {-90, -30, -20, -3, -0.1f, 0, 0.1f, 3, 20, 30, 90};
        TensorType type = TensorType.of(DType.F32, logits.length);
        for (float target : new float[] {0, 1}) {
            float[] targets = new float[logits.length];
            Arrays.fill(targets, target);
            try (Arena arena = Arena.ofConfined()) {
                Operand in = new Operand(arena.allocateFrom(ValueLayout.JAVA_FLOAT, logits), type);
                Operand truth = new Operand(arena.allocateFrom(ValueLayout.JAVA_FLOAT, targets), type);
                Operand out = new Operand(arena.allocate(in.data().byteSize()), type);
                VectorSoftplus.sigmoidCrossEntropy(in, truth, out, Workspace.in(arena, Team.alone()))
                        .run();
                for (int i = 0; i < logits.length; i++) {
                    assertClose(loss, logits[i], (float) out.get(i), loss.apply(logits[i], target), TOLERANCE);
                }
                VectorSoftplus.softplus(in, out, Workspace.in(arena, Team.alone()))
                        .run();
                for (int i = 0; i < logits.length; i++) {
                    assertClose(softplus, logits[i], (float) out.get(i), softplus.apply(logits[i]), TOLERANCE);
                }
            }
        }
    }

    @Test
    void anElementDoesNotDependOnItsPlace() {
        float[] arguments = arguments();
        float[] shifted = new float[arguments.length + 5];
        System.arraycopy(arguments, 0, shifted, 5, arguments.length);
        functions().forEach(function -> {
            float[] whole = run(function, arguments);
            float[] moved = run(function, shifted);
            for (int i = 0; i < arguments.length; i++) {
                assertThat(Float.floatToIntBits(moved[i + 5])).isEqualTo(Float.floatToIntBits(whole[i]));
            }
        });
    }

    private static void assertClose(Object function, float argument, float result, double exact, double tolerance) {
        String what = function + "(" + argument + ")";
        if (Double.isNaN(exact)) {
            assertThat(result).as(what).isNaN();
        } else if (Double.isInfinite((float) exact)) {
            assertThat(result).as(what).isEqualTo((float) exact);
        } else {
            double allowed = tolerance * Math.abs(exact) + Float.MIN_NORMAL * tolerance;
            assertThat((double) result)
                    .as(what)
                    .isCloseTo(exact, org.assertj.core.data.Offset.offset(Math.max(allowed, Float.MIN_VALUE)));
        }
    }

    /** A length that leaves a tail on every processor, over all magnitudes, with the special values among them. */
    private static float[] arguments() {
        float[] special = {
            0f,
            -0f,
            1f,
            -1f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            Float.MAX_VALUE
        };
        float[] arguments = new float[4098 + special.length];
        System.arraycopy(special, 0, arguments, 0, special.length);
        for (int i = special.length; i < arguments.length; i++) {
            double turn = i * 0.6180339887498949 % 1;
            double size = i % 3 == 0 ? 200 * turn : Math.pow(10, 12 * turn - 9);
            arguments[i] = (float) (i % 2 == 0 ? size : -size);
        }
        return arguments;
    }

    private static float[] run(Unary function, float[] arguments) {
        try (Arena arena = Arena.ofConfined()) {
            TensorType type = TensorType.of(DType.F32, arguments.length);
            Operand in = new Operand(arena.allocateFrom(ValueLayout.JAVA_FLOAT, arguments), type);
            Operand out = new Operand(arena.allocate(in.data().byteSize()), type);
            VectorFunctions.passes(function)
                    .orElseThrow()
                    .prepare(in, out, Workspace.in(arena, Team.alone()))
                    .run();
            return out.data().toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
