package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GradientCheckTest {

    /** Rules that claim dy/da = factor·b and dy/db = a of y = a·b. */
    private record ProductRule(double factor) implements Differentiable {

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            return Arrays.asList(
                    e.multiply(e.multiply(cotangent, at.input(1)), factor), e.multiply(cotangent, at.input(0)));
        }

        @Override
        public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            Value a = tangents.get(0);
            Value b = tangents.get(1);
            Value left = a == null ? e.zeros(at.output()) : e.multiply(e.multiply(a, at.input(1)), factor);
            return b == null ? left : e.add(left, e.multiply(b, at.input(0)));
        }
    }

    private static Tensor product(List<Tensor> inputs, double factor) {
        Tensor value = inputs.get(0).multiply(inputs.get(1));
        return inputs.get(0).apply(CustomRule.of("product", new ProductRule(factor)), inputs.get(1), value);
    }

    private final List<Literal> inputs = List.of(Literal.of(1, 2), Literal.of(3, 5));

    @Test
    void passesARightRule() {
        assertThat(GradientCheck.reverse(values -> product(values, 1), inputs)).isEmpty();
        assertThat(GradientCheck.forward(values -> product(values, 1), inputs)).isEmpty();
    }

    @Test
    void reportsAWrongRuleWithOperationInputIndexAndBothValues() {
        List<Mismatch> mismatches = GradientCheck.reverse(values -> product(values, 2), inputs);

        assertThat(mismatches).hasSize(2).allMatch(mismatch -> mismatch.input() == 0);
        assertThat(mismatches)
                .element(1, InstanceOfAssertFactories.type(Mismatch.class))
                .satisfies(mismatch -> {
                    assertThat(mismatch.op()).contains("CustomRule(product)", "GradientCheckTest.java:");
                    assertThat(mismatch.index()).isEqualTo(1);
                    assertThat(mismatch.rule() / mismatch.difference()).isCloseTo(2, within(1e-6));
                });
        assertThat(GradientCheck.forward(values -> product(values, 2), inputs)).hasSize(2);
    }

    @Test
    void noticesAGradientThatIsMissing() {
        List<Mismatch> mismatches =
                GradientCheck.reverse(values -> values.get(0).stopGradient().multiply(values.get(1)), inputs);

        assertThat(mismatches).hasSize(2).allMatch(mismatch -> mismatch.rule() == 0);
    }
}
