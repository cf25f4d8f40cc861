package io.gradstream.autodiff.op;

import java.util.List;

/**
 * An optimizer update in double, element by element, on any memory: the walk over the segments, the skipped step, the update
 * statistics. It is what faster kernels are held to.
 */
public abstract class UpdateWalk implements Runnable {

    private final OptimizerUpdate op;
    private final Elements parameters;
    private final Elements gradients;
    private final List<Elements> state;
    private final Elements control;
    private final Elements statistics;
    private double factor;

    UpdateWalk(OptimizerUpdate op, List<? extends Elements> operands) {
        this.op = op;
        parameters = operands.get(0);
        gradients = operands.get(1);
        state = List.copyOf(operands.subList(2, 2 + op.moments()));
        control = operands.get(2 + op.moments());
        statistics = operands.get(3 + op.moments());
    }

    /** Begins a step: what is the same for all elements is computed once. */
    abstract void begin(double learningRate, double step);

    /** Updates one segment and returns Σ Δp². */
    abstract double update(int row, Segment segment);

    @Override
    public final void run() {
        boolean skips = control(Control.FOUND_INF) != 0;
        factor = control(Control.GRADIENT_FACTOR);
        begin(control(Control.LEARNING_RATE), control(Control.STEP_COUNT));
        for (int row = 0; row < op.segments().count(); row++) {
            Segment segment = op.segments().list().get(row);
            double squaredUpdate = skips ? 0 : update(row, segment);
            int at = row * OptimizerUpdate.COLUMNS;
            statistics.set(at + OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
            statistics.set(at + OptimizerUpdate.Column.SQUARED_WEIGHT.index(), squaredWeight(segment));
        }
    }

    final double parameter(long index) {
        return parameters.get(index);
    }

    final double gradient(long index) {
        return gradients.get(index) * factor;
    }

    final Elements state(int block) {
        return state.get(block);
    }

    /** Stores a new value of a parameter and returns the square of its change. */
    final double move(long index, double value) {
        double before = parameters.get(index);
        parameters.set(index, value);
        double change = parameters.get(index) - before;
        return change * change;
    }

    final double squaredWeight(Segment segment) {
        double sum = 0;
        for (long i = segment.offset(); i < segment.end(); i++) {
            sum += parameters.get(i) * parameters.get(i);
        }
        return sum;
    }

    private double control(Control slot) {
        return control.get(slot.slot());
    }
}
