package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.ArgMax;
import io.gradstream.autodiff.op.LogSumExp;
import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Norm;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.Sum;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Elements folded into one, in ascending order. */
final class ReductionKernels {

    private ReductionKernels() {}

    static Runnable prepare(Reduction op, Array x, Array y) {
        return switch (op) {
            case Sum ignored -> fold(x, y, 0, Double::sum);
            case Max ignored -> fold(x, y, Double.NEGATIVE_INFINITY, Math::max);
            case Norm ignored -> {
                Runnable squares = fold(x, y, 0, (sum, element) -> sum + element * element);
                yield () -> {
                    squares.run();
                    map(y, Math::sqrt);
                };
            }
            case LogSumExp ignored -> logSumExp(x, y);
            case ArgMax argMax -> argMax(argMax.axis(), x, y);
        };
    }

    private static Runnable logSumExp(Array x, Array y) {
        int[] target = y.broadcastTo(x.shape());
        Runnable largest = fold(x, y, Double.NEGATIVE_INFINITY, Math::max);
        double[] sums = new double[y.size()];
        return () -> {
            largest.run();
            Arrays.fill(sums, 0);
            for (int i = 0; i < x.size(); i++) {
                double shift = y.get(target[i]);
                sums[target[i]] += Math.exp(x.get(i) - (Double.isInfinite(shift) ? 0 : shift));
            }
            for (int i = 0; i < y.size(); i++) {
                y.set(i, Math.log(sums[i]) + (Double.isInfinite(y.get(i)) ? 0 : y.get(i)));
            }
        };
    }

    private static Runnable argMax(int axis, Array x, Array y) {
        int inner = Math.toIntExact(x.shape().strides()[axis]);
        int extent = x.dim(axis);
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                int first = i / inner * inner * extent + i % inner;
                int largest = 0;
                for (int k = 1; k < extent; k++) {
                    if (ArgMax.replaces(x.get(first + k * inner), x.get(first + largest * inner))) {
                        largest = k;
                    }
                }
                y.set(i, largest);
            }
        };
    }

    private static void map(Array y, DoubleUnaryOperator function) {
        for (int i = 0; i < y.size(); i++) {
            y.set(i, function.applyAsDouble(y.get(i)));
        }
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
