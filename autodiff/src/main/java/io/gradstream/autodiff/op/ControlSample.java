package io.gradstream.autodiff.op;

import java.util.function.DoubleUnaryOperator;

/** A control block in the middle of training, as an operand of samples. */
final class ControlSample {

    private ControlSample() {}

    static Literal block() {
        double[] values = new double[Control.values().length];
        values[Control.LEARNING_RATE.slot()] = 0.01;
        values[Control.STEP_COUNT.slot()] = 7;
        values[Control.SKIPPED_STEPS.slot()] = 1;
        values[Control.LOSS_SCALE.slot()] = 1024;
        values[Control.GROWTH_TRACKER.slot()] = 2;
        values[Control.TOTAL_WEIGHT.slot()] = 24;
        values[Control.TOTAL_LOSS.slot()] = 18;
        values[Control.UNSCALE.slot()] = 0.5;
        values[Control.CLIP_COEFFICIENT.slot()] = 0.25;
        values[Control.GRADIENT_FACTOR.slot()] = 0.125;
        values[Control.MICRO_BATCHES.slot()] = 41;
        return new Literal(Control.block(), values);
    }

    static Literal with(Control slot, double value) {
        double[] values = block().values();
        values[slot.slot()] = value;
        return new Literal(Control.block(), values);
    }

    /** A flat block of gradients or parameters of which every padding element is zero. */
    static Literal padded(Literal block, Segments segments, DoubleUnaryOperator element) {
        double[] values = block.values();
        double[] padded = new double[values.length];
        for (Segment segment : segments.list()) {
            for (int i = (int) segment.offset(); i < segment.end(); i++) {
                padded[i] = element.applyAsDouble(values[i]);
            }
        }
        return new Literal(block.type(), padded);
    }
}
