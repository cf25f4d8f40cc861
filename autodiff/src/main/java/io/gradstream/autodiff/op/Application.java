package io.gradstream.autodiff.op;

import java.util.List;

/** An operation applied: its operands and what came of them. */
public record Application(List<Value> inputs, Value output) {

    public Application {
        inputs = List.copyOf(inputs);
    }

    public Value input(int index) {
        return inputs.get(index);
    }
}
