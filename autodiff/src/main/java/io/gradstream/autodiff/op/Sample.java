package io.gradstream.autodiff.op;

import java.util.List;

/**
 * An operation with operands at which every device must agree with the reference and, where it is differentiable there,
 * its derivative rules must agree with central differences.
 *
 * @param tolerance how far a device may be from the reference, relative to the largest element
 */
public record Sample(Op op, List<Literal> inputs, boolean differentiable, double tolerance) {
    private static final double USUAL = 2e-5;

    public Sample(Op op, List<Literal> inputs, boolean differentiable) {
        this(op, inputs, differentiable, USUAL);
    }

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
        return new Sample(op, inputs, false, tolerance);
    }

    /** The same sample where a device may round on the way, to a half precision for instance. */
    public Sample within(double allowed) {
        return new Sample(op, inputs, differentiable, allowed);
    }
}
