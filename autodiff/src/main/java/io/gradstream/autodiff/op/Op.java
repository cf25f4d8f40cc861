package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * One kind of node on a tape. Leaves bring values in, views rename a value that exists already, and kernels are what a
 * device computes. An operation that has derivatives is also {@link Differentiable}.
 */
public sealed interface Op permits Leaf, View, Kernel {

    /** The shape rule: the type of the result, or a {@link io.gradstream.autodiff.ShapeException}. */
    TensorType type(List<TensorType> inputs);

    default String name() {
        return getClass().getSimpleName();
    }
}
