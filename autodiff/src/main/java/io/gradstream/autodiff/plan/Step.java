package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** One kernel of a plan before it has places: a node as passes rewrite it. */
record Step(Kernel kernel, List<Tensor> inputs, Tensor output) {

    Step {
        inputs = List.copyOf(inputs);
    }

    /** What the kernel writes: the output, which a fused kernel may give in other rows than those it is seen in. */
    TensorType result() {
        return kernel.type(inputs.stream().map(Tensor::type).toList());
    }

    Step withInputs(List<Tensor> changed) {
        return new Step(kernel, changed, output);
    }
}
