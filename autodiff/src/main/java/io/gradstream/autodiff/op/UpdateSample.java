package io.gradstream.autodiff.op;

import java.util.ArrayList;
import java.util.List;

/** Operands of optimizer updates in the middle of training: two parameters, with padding between and behind them. */
final class UpdateSample {

    static final Segments SEGMENTS = Segments.of(new Segment(0, 207), new Segment(208, 13));

    private static final int SIZE = size(SEGMENTS);

    private UpdateSample() {}

    static Sample of(OptimizerUpdate op, Literal control, List<Literal> moments) {
        return of(op, control, 1, moments);
    }

    static Sample of(OptimizerUpdate op, Literal control) {
        return of(op, control, List.of());
    }

    /** A sample in which moments decay under gradients of zero. */
    static Sample withoutGradients(OptimizerUpdate op, List<Literal> moments) {
        return of(op, ControlSample.block(), 0, moments);
    }

    private static Sample of(OptimizerUpdate op, Literal control, double gradient, List<Literal> moments) {
        List<Literal> inputs = new ArrayList<>();
        inputs.add(ControlSample.padded(Literal.wave(size(op.segments())), op.segments(), p -> p));
        inputs.add(ControlSample.padded(Literal.ripple(size(op.segments())), op.segments(), g -> g * gradient));
        inputs.addAll(moments);
        inputs.add(control);
        inputs.add(new Literal(
                OptimizerUpdate.block(op.segments().count()),
                new double[op.segments().count() * OptimizerUpdate.COLUMNS]));
        return new Sample(op, inputs, false);
    }

    /** The size of a block that ends with padding. */
    static int size(Segments segments) {
        return Math.toIntExact(Math.ceilDiv(segments.list().getLast().end(), 16) * 16);
    }

    /** A moment of either sign. */
    static Literal wave() {
        return wave(1);
    }

    static Literal wave(double scale) {
        return ControlSample.padded(Literal.wave(SIZE), SEGMENTS, m -> m * scale);
    }

    /** A moment that is positive. */
    static Literal positive() {
        return positive(1);
    }

    static Literal positive(double scale) {
        return ControlSample.padded(Literal.positive(SIZE), SEGMENTS, v -> v * scale);
    }

    /** A moment that is positive, or zero where nothing happened yet. */
    static Literal sparse() {
        return ControlSample.padded(Literal.fraction(SIZE), SEGMENTS, b -> b < 0.2 ? 0 : b);
    }
}
