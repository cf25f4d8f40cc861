package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvpTest {

    private final Tape tape = Tape.eager(new ReferenceDevice());

    @AfterEach
    void close() {
        tape.close();
    }

    @Test
    void carriesADualNumberThroughAPolynomial() {
        Tensor x = tape.input("x", Literal.scalar(3));
        Tensor one = tape.constant(1, DType.F32);
        Tensor y = x.multiply(x).add(x);

        assertThat(Jvp.of(tape, y, List.of(x), List.of(one)).item()).isEqualTo(7);
    }

    @Test
    void composesWithTheGradientToAHessianVectorProduct() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor direction = tape.input("v", Literal.of(3, -1));
        Tensor f = x.square().multiply(x).sum();
        Tensor gradient = Gradient.of(tape, f, List.of(x)).get(0);

        Tensor product = Jvp.of(tape, gradient, List.of(x), List.of(direction));

        assertThat(product.values()).containsExactly(6 * 1 * 3, 6 * 2 * -1);
    }

    @Test
    void recordsNothingThatTheOutputDoesNotNeed() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor y = x.square();
        x.exp().sqrt().log();
        int before = tape.size();

        Tensor tangent = Jvp.of(tape, y, List.of(x), List.of(x));

        assertThat(tangent.values()).containsExactly(2, 8);
        assertThat(tape.nodes().subList(before, tape.size()))
                .noneMatch(
                        node -> node.inputs().stream().anyMatch(input -> input.id() > y.id() && input.id() < before));
    }

    @Test
    void isZeroWhereNothingFlows() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor y = tape.input("y", Literal.of(5, 6)).square();

        assertThat(Jvp.of(tape, y, List.of(x), List.of(x)).values()).containsExactly(0, 0);
    }

    @Test
    void refusesATangentOfAnotherShape() {
        Tensor x = tape.input("x", Literal.of(1, 2));
        Tensor tangent = tape.input("t", Literal.scalar(1));

        assertThatThrownBy(() -> Jvp.of(tape, x.relu(), List.of(x), List.of(tangent)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tangent");
    }
}
