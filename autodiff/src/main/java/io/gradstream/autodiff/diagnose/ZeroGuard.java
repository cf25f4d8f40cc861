package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * The guard of a step that a program drives by itself: asked where a step begins, it finds gradients that nobody has set to zero. It reads
 * all of them, so ask in the first steps, or now and then.
 */
public final class ZeroGuard {

    private ZeroGuard() {}

    /** Throws unless all accumulated gradients, leaves or outputs of a plan, are zero; NaN is not. */
    public static void require(Plan plan, List<Tensor> gradients) {
        for (Tensor gradient : gradients) {
            require(gradient.describe(), plan.values(gradient));
        }
    }

    /** The same for the numbers of one gradient. */
    public static void require(String node, double... values) {
        int nonZero = 0;
        double largest = 0;
        for (double value : values) {
            nonZero += value == 0 ? 0 : 1;
            largest = Math.max(largest, Math.abs(value));
        }
        if (nonZero > 0) {
            throw new MissingZeroException(
                    "node=" + node + " elements=" + values.length + " nonZero=" + nonZero + " largest=" + largest);
        }
    }
}
