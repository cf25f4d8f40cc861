package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;

/** Data that somebody writes before the tape runs. */
public record Input(String label, TensorType type) implements Leaf {

    @Override
    public String name() {
        return "Input(" + label + ")";
    }
}
