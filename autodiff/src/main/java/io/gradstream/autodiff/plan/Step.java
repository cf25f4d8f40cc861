package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** One kernel of a plan before it has places: a node as passes rewrite it. */
record Step(Kernel kernel, List<Tensor> inputs, Tensor output) {

    Step {
        inputs = List.copyOf(inputs);
    }

    Step withInputs(List<Tensor> changed) {
        return new Step(kernel, changed, output);
    }
}
