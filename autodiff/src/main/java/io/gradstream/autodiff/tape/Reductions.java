package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.ArgMax;
import io.gradstream.autodiff.op.Axes;
import io.gradstream.autodiff.op.LogSumExp;
import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Norm;

/** Many elements into one, over axes; negative axes count from the end, none given means all. */
public sealed interface Reductions extends Expression permits Tensor {

    /** The sum over some axes, which disappear. */
    default Tensor sum(int... axes) {
        return drop(sumKeeping(axes), axes);
    }

    /** The sum over some axes, which stay with extent 1. */
    default Tensor sumKeeping(int... axes) {
        return (Tensor) tape().sumKeeping(this, axes);
    }

    /** The mean over some axes, which disappear. */
    default Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.multiply((double) sum.shape().size() / shape().size());
    }

    /** The largest element over some axes, which disappear; elements that tie share its gradient. */
    default Tensor max(int... axes) {
        return drop(apply(new Max(Axes.of(shape(), axes))), axes);
    }

    /** The smallest element over some axes, which disappear; elements that tie share its gradient. */
    default Tensor min(int... axes) {
        return ((Tensor) tape().negate(this)).max(axes).negate();
    }

    /** ln Σ eˣ over some axes, which disappear. */
    default Tensor logSumExp(int... axes) {
        return drop(apply(new LogSumExp(Axes.of(shape(), axes))), axes);
    }

    /** √Σ x² over some axes, which disappear; its gradient at 0 is 0. */
    default Tensor norm(int... axes) {
        return drop(apply(new Norm(Axes.of(shape(), axes))), axes);
    }

    /** Σ (x - mean)² / (n - correction) over some axes, which disappear: the mean is subtracted before anything is squared. */
    default Tensor variance(int correction, int... axes) {
        Tensor sum = sumKeeping(axes);
        double count = (double) shape().size() / sum.shape().size();
        Tensor deviation = (Tensor) tape().subtract(this, sum.divide(count));
        return deviation.square().sum(axes).divide(count - correction);
    }

    /** I32: the number of the largest element along an axis, which disappears; the first of those that tie. */
    default Tensor argMax(int axis) {
        return drop(apply(new ArgMax(shape().axis(axis))), new int[] {axis});
    }

    private Tensor drop(Tensor reduced, int[] axes) {
        return (Tensor) tape().reshape(reduced, Axes.of(shape(), axes).remove(shape()));
    }
}
