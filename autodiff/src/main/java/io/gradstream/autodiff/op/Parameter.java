package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;

/** A value that training changes. */
public record Parameter(String label, TensorType type) implements Leaf {

    @Override
    public String name() {
        return "Parameter(" + label + ")";
    }
}
