package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Axes;
import io.gradstream.autodiff.op.Max;

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

    private Tensor drop(Tensor reduced, int[] axes) {
        return (Tensor) tape().reshape(reduced, Axes.of(shape(), axes).remove(shape()));
    }
}
