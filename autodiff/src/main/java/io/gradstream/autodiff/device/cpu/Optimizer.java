package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.util.List;

/** The operands of an optimizer update, by name. */
record Optimizer(Operand parameters, Operand gradients, List<Operand> moments, Operand control, Operand statistics) {
    static Optimizer of(OptimizerUpdate op, List<Operand> operands) {
        int moments = op.moments();
        return new Optimizer(
                operands.get(0),
                operands.get(1),
                List.copyOf(operands.subList(2, 2 + moments)),
                operands.get(2 + moments),
                operands.get(3 + moments));
    }

    /** The rule for one parameter. */
    interface Element {
        /** Reads the step's scalars. */
        void prepare(Operand control);

        /** Updates the moments at an index and gives the new value of the parameter there. */
        double update(long index);
    }

    boolean skips() {
        return control.get(Control.FOUND_INF.slot()) != 0;
    }

    void report(int segment, double squaredUpdate, double squaredWeight) {
        int at = segment * OptimizerUpdate.COLUMNS;
        statistics.set(at + OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
        statistics.set(at + OptimizerUpdate.Column.SQUARED_WEIGHT.index(), squaredWeight);
    }

    /** Updates every parameter, or none when the step is skipped, and reports what changed. */
    void forEachElement(Segments segments, Element element) {
        boolean skips = skips();
        element.prepare(control);
        for (int row = 0; row < segments.count(); row++) {
            Segment segment = segments.list().get(row);
            double squaredUpdate = 0;
            double squaredWeight = 0;
            for (long i = segment.offset(); i < segment.end(); i++) {
                double before = parameters.get(i);
                if (!skips) {
                    parameters.set(i, element.update(i));
                }
                double after = parameters.get(i);
                squaredUpdate += (after - before) * (after - before);
                squaredWeight += after * after;
            }
            report(row, squaredUpdate, squaredWeight);
        }
    }
}
