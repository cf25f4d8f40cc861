package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** f(x·Wᵀ + b): a linear layer with its activation. */
public record LinearActivation(Unary activation) implements Fused {

    private static final Linear LINEAR = new Linear();

    @Override
    public TensorType type(List<TensorType> inputs) {
        return activation.type(List.of(LINEAR.type(inputs)));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new LinearActivation(new Relu()), Literal.wave(5, 7), Literal.ripple(3, 7), Literal.wave(3)),
                Sample.of(
                        new LinearActivation(new Relu()),
                        Literal.wave(9, 33),
                        Literal.ripple(17, 33),
                        Literal.wave(17)),
                Sample.of(new LinearActivation(new Tanh()), Literal.wave(5, 7), Literal.ripple(3, 7), Literal.wave(3)),
                Sample.of(new LinearActivation(new Tanh()), Literal.wave(5, 7), Literal.ripple(8, 7), Literal.wave(8)));
    }
}
