package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReweightedTest {

    @Test
    void leavesTheValueAndScalesOrReversesTheGradient() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.of(1, 2));
            Tensor half = Reweighted.of(x, 0.5);
            Tensor reversed = Reweighted.of(x, -1);

            assertThat(half.values()).containsExactly(1, 2);
            assertThat(gradient(tape, half.square(), x)).containsExactly(1, 2);
            assertThat(gradient(tape, reversed.square(), x)).containsExactly(-2, -4);
            assertThat(Jvp.of(tape, half, List.of(x), List.of(x)).values()).containsExactly(0.5, 1);
        }
    }

    private static double[] gradient(Tape tape, Tensor y, Tensor x) {
        return Gradient.of(tape, y.sum(), List.of(x)).get(0).values();
    }
}
