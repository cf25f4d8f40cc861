package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Kernel;
import java.util.List;

/** How long one call of a plan takes, with what it works on. */
public record KernelTime(Kernel kernel, List<TensorType> inputs, TensorType output, double nanos) {

    public KernelTime {
        inputs = List.copyOf(inputs);
    }
}
