package io.gradstream.autodiff.op;

import java.util.List;

/**
 * An operation with operands at which every device must agree with the reference and, where it is differentiable there,
 * its derivative rules must agree with central differences.
 */
public record Sample(Op op, List<Literal> inputs, boolean differentiable) {

    public Sample {
        inputs = List.copyOf(inputs);
    }

    public static Sample of(Op op, Literal... inputs) {
        return new Sample(op, List.of(inputs), op instanceof Differentiable);
    }

    /** Samples of a binary operation: equal shapes, a row, an outer product, a scalar. */
    public static List<Sample> broadcasting(Binary op) {
        return List.of(
                of(op, Literal.wave(5, 7), Literal.ripple(5, 7)),
                of(op, Literal.wave(5, 7), Literal.ripple(7)),
                of(op, Literal.wave(5, 1), Literal.ripple(1, 7)),
                of(op, Literal.wave(13), Literal.scalar(0.3)));
    }

    /** The same sample where no derivative is checked: at kinks, at rounding, at extreme values. */
    public Sample valuesOnly() {
        return new Sample(op, inputs, false);
    }
}
