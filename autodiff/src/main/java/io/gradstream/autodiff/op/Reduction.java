package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** Many elements become one along some axes, which shrink to extent 1 (a reshape drops them). */
public sealed interface Reduction extends Kernel, Differentiable permits Sum, Max, LogSumExp, Norm, ArgMax {

    Axes axes();

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType input = inputs.get(0);
        Rules.arithmetic(this, input);
        int[] axes = axes().axes();
        Rules.require(
                axes.length > 0 ? axes[axes.length - 1] < input.shape().rank() : true,
                this,
                "needs axes within the rank",
                "operand=" + input + " axes=" + axes());
        return input.with(axes().shrink(input.shape()));
    }
}
