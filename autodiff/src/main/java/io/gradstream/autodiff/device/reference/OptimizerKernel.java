package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import java.util.List;

/** What optimizers share: the walk over the segments, the skipped step, the update statistics. */
abstract class OptimizerKernel implements Runnable {

    private final OptimizerUpdate op;
    private final Array parameters;
    private final Array gradients;
    private final Array control;
    private final Array statistics;

    OptimizerKernel(OptimizerUpdate op, List<Array> operands) {
        this.op = op;
        parameters = operands.get(0);
        gradients = operands.get(1);
        control = operands.get(2 + op.moments());
        statistics = operands.get(3 + op.moments());
    }

    /** The new value of element i; moments change on the way. */
    abstract double update(int i, double parameter, double gradient);

    /** Scalars that hold for the whole step. */
    abstract void begin(double learningRate, double step);

    @Override
    public final void run() {
        boolean skip = control.get(Control.FOUND_INF.slot()) != 0;
        double factor = control.get(Control.GRADIENT_FACTOR.slot());
        begin(control.get(Control.LEARNING_RATE.slot()), control.get(Control.STEP_COUNT.slot()));
        for (int row = 0; row < op.segments().count(); row++) {
            Segment segment = op.segments().list().get(row);
            double squaredUpdate = 0;
            double squaredWeight = 0;
            for (int i = (int) segment.offset(); i < segment.end(); i++) {
                double before = parameters.get(i);
                double after = skip ? before : update(i, before, gradients.get(i) * factor);
                parameters.set(i, after);
                squaredUpdate += (after - before) * (after - before);
                squaredWeight += after * after;
            }
            statistics.set(
                    row * OptimizerUpdate.COLUMNS + OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
            statistics.set(
                    row * OptimizerUpdate.COLUMNS + OptimizerUpdate.Column.SQUARED_WEIGHT.index(), squaredWeight);
        }
    }

    static double flush(double moment, double limit) {
        return Math.abs(moment) < limit ? 0 : moment;
    }
}
