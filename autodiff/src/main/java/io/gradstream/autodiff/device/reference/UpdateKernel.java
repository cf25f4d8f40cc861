package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.ElementRule;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import java.util.List;

/** An {@link ElementwiseUpdate}: its rule for one element after the other. */
final class UpdateKernel implements Runnable {

    private final ElementwiseUpdate op;
    private final ElementRule rule;
    private final Array parameters;
    private final Array gradients;
    private final List<Array> momentBlocks;
    private final Array control;
    private final Array statistics;
    private final double[] moments;

    UpdateKernel(ElementwiseUpdate op, List<Array> operands) {
        this.op = op;
        rule = op.rule();
        parameters = operands.get(0);
        gradients = operands.get(1);
        momentBlocks = operands.subList(2, 2 + op.moments());
        control = operands.get(2 + op.moments());
        statistics = operands.get(3 + op.moments());
        moments = new double[op.moments()];
    }

    @Override
    public void run() {
        boolean skip = control.get(Control.FOUND_INF.slot()) != 0;
        double factor = control.get(Control.GRADIENT_FACTOR.slot());
        rule.begin(control.get(Control.LEARNING_RATE.slot()), control.get(Control.STEP_COUNT.slot()));
        for (int row = 0; row < op.segments().count(); row++) {
            Segment segment = op.segments().list().get(row);
            double squaredUpdate = 0;
            double squaredWeight = 0;
            for (int i = (int) segment.offset(); i < segment.end(); i++) {
                double before = parameters.get(i);
                if (!skip) {
                    update(i, gradients.get(i) * factor);
                }
                double after = parameters.get(i);
                squaredUpdate += (after - before) * (after - before);
                squaredWeight += after * after;
            }
            report(statistics, row, squaredUpdate, squaredWeight);
        }
    }

    private void update(int i, double gradient) {
        for (int moment = 0; moment < moments.length; moment++) {
            moments[moment] = momentBlocks.get(moment).get(i);
        }
        parameters.set(i, rule.update(parameters.get(i), gradient, moments));
        for (int moment = 0; moment < moments.length; moment++) {
            momentBlocks.get(moment).set(i, moments[moment]);
        }
    }

    /** Writes one segment's update statistics. */
    static void report(Array statistics, int segment, double squaredUpdate, double squaredWeight) {
        int at = segment * OptimizerUpdate.COLUMNS;
        statistics.set(at + OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
        statistics.set(at + OptimizerUpdate.Column.SQUARED_WEIGHT.index(), squaredWeight);
    }
}
