package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.Sum;
import java.util.function.DoubleBinaryOperator;

/** Elements folded into one, in ascending order. */
final class ReductionKernels {

    private ReductionKernels() {}

    static Runnable prepare(Reduction op, Array x, Array y) {
        return switch (op) {
            case Sum ignored -> fold(x, y, 0, Double::sum);
            case Max ignored -> fold(x, y, Double.NEGATIVE_INFINITY, Math::max);
        };
    }

    /** The result's shape broadcasts to the operand's, which says where each element belongs. */
    private static Runnable fold(Array x, Array y, double identity, DoubleBinaryOperator fold) {
        int[] target = y.broadcastTo(x.shape());
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, identity);
            }
            for (int i = 0; i < x.size(); i++) {
                y.set(target[i], fold.applyAsDouble(y.get(target[i]), x.get(i)));
            }
        };
    }
}
