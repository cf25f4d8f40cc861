package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** A value that no other value explains. */
public sealed interface Leaf extends Op permits Input, Parameter, Constant {

    TensorType type();

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 0);
        return type();
    }
}
