package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StraightThroughTest {

    private final Tape tape = Tape.eager(new ReferenceDevice());
    private final Tensor x = tape.input("x", Literal.of(-1.4, 0.3, 2.6));

    @AfterEach
    void close() {
        tape.close();
    }

    @Test
    void passesTheGradientOverTheRoundingNodeAndNoOther() {
        Tensor squares = x.square();
        Tensor rounded = StraightThrough.round(squares);
        Tensor y = rounded.multiply(3);

        assertThat(rounded.values()).containsExactly(2, 0, 7);
        assertThat(gradient(y, squares)).containsExactly(3, 3, 3);
        assertThat(gradient(y, x)).containsExactly(gradient(squares.multiply(3), x));
        assertThat(gradient(x.round().add(x), x)).containsExactly(1, 1, 1);
    }

    @Test
    void passesTheGradientOverTheSign() {
        Tensor signs = StraightThrough.sign(x);

        assertThat(signs.values()).containsExactly(-1, 1, 1);
        assertThat(gradient(signs, x)).containsExactly(1, 1, 1);
    }

    @Test
    void carriesTangentsInTheSameWay() {
        Tensor tangent = tape.input("t", Literal.of(1, 2, 3));

        assertThat(Jvp.of(tape, StraightThrough.round(x), List.of(x), List.of(tangent))
                        .values())
                .containsExactly(1, 2, 3);
    }

    @Test
    void keepsTheValueToTheBit() {
        Tensor exact = tape.input("exact", Literal.of(1e-30, -0.0, 1e30));

        assertThat(StraightThrough.of(exact, x).values()).containsExactly(exact.values());
    }

    @Test
    void refusesAValueOfAnotherType() {
        assertThatThrownBy(() -> StraightThrough.of(x.cast(DType.F64), x)).isInstanceOf(ShapeException.class);
    }

    private double[] gradient(Tensor y, Tensor wrt) {
        return Gradient.of(tape, y.sum(), List.of(wrt)).get(0).values();
    }
}
