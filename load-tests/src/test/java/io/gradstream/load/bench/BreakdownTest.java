package io.gradstream.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.step.StepProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakdownTest {

    @Test
    void countsTwoOperationsForEveryProductOfALinearLayer() {
        assertThat(flops(new Linear(), type(5, 7), type(5, 3), type(7, 3), type(7)))
                .isEqualTo(2 * 5 * 7 * 3);
    }

    @Test
    void countsTheProductsOfAttentionForwardAndBackward() {
        TensorType queries = type(2, 3, 4);
        TensorType keys = type(2, 5, 4);

        assertThat(flops(new Attention(0.5, false), queries, queries, keys, keys))
                .isEqualTo(2 * (2 * 2 * 3 * 5 * 4));
        assertThat(flops(new AttentionGradient(0.5, false), type(2, 13, 4), queries, keys, keys, queries))
                .isEqualTo(5 * (2 * 2 * 3 * 5 * 4));
    }

    private static double flops(Kernel kernel, TensorType output, TensorType... inputs) {
        StepProfile profile = new StepProfile(List.of(new KernelTime(kernel, List.of(inputs), output, 1)), List.of());
        return Breakdown.of(profile, 1, 1).gemmCeiling();
    }

    private static TensorType type(int... shape) {
        return TensorType.of(DType.F32, shape);
    }
}
