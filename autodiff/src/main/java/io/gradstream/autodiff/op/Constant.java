package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;

/** A value whose elements are all the same number for ever. */
public record Constant(TensorType type, double value) implements Leaf {

    @Override
    public String name() {
        return "Constant(" + value + ")";
    }
}
