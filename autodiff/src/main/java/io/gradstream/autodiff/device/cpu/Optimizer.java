package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.OptimizerUpdate;
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

    /** Where parameters, gradients and moments begin, in this order. */
    long[] addresses() {
        long[] addresses = new long[2 + moments.size()];
        addresses[0] = parameters.data().address();
        addresses[1] = gradients.data().address();
        for (int i = 0; i < moments.size(); i++) {
            addresses[2 + i] = moments.get(i).data().address();
        }
        return addresses;
    }

    double control(Control slot) {
        return control.get(slot.slot());
    }

    boolean skips() {
        return control(Control.FOUND_INF) != 0;
    }

    void report(int segment, double squaredUpdate, double squaredWeight) {
        int at = segment * OptimizerUpdate.COLUMNS;
        statistics.set(at + OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
        statistics.set(at + OptimizerUpdate.Column.SQUARED_WEIGHT.index(), squaredWeight);
    }
}
