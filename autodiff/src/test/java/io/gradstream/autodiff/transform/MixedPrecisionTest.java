package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixedPrecisionTest {

    @Test
    void castsTheFactorsOfProductsAndNothingElse() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 4, 3));
        Tensor hidden = x.linear(
                        tape.parameter("w", TensorType.of(DType.F32, 2, 3)),
                        tape.parameter("b", TensorType.of(DType.F32, 2)))
                .relu();
        Tensor loss = hidden.square().sum();

        MixedPrecision half = MixedPrecision.of(tape, DType.BF16);

        assertThat(half.tape().nodes().stream().filter(node -> node.op() instanceof Cast))
                .hasSize(2)
                .allMatch(cast -> cast.dtype() == DType.BF16);
        assertThat(half.image(loss).dtype()).isEqualTo(DType.F32);
        assertThat(half.image(hidden).site()).hasToString(hidden.site().toString());
    }

    @Test
    void overflowsAndUnderflowsInBackwardProductsAsHalfPrecisionDoes() {
        assertThat(weightGradient(1)).isEqualTo(1);
        assertThat(weightGradient(0x1p-26)).isZero();
        assertThat(weightGradient(1e6)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /** d(scale·w·x)/dw at x = 1, through an F16 product. */
    private static double weightGradient(double scale) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", new Literal(TensorType.of(DType.F32, 1, 1), 1));
        Tensor weight = tape.parameter("w", new Literal(TensorType.of(DType.F32, 1, 1), 0.5));
        Tensor loss = x.matmul(weight).sum().multiply(scale);
        MixedPrecision half = MixedPrecision.of(tape, DType.F16);
        Tensor gradient = Gradient.of(half.tape(), half.image(loss), List.of(half.image(weight)))
                .get(0);
        try (ReferenceDevice device = new ReferenceDevice();
                Plan plan = Plan.compile(half.tape(), device, gradient)) {
            plan.run();
            return Transfer.read(device, plan.buffer(gradient))[0];
        }
    }
}
