package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.Slots;
import io.gradstream.autodiff.op.TableUpdate;
import java.util.List;

/** The kernels of tables with sparse gradients in plain Java, element by element in double. */
final class PlainTables {

    private PlainTables() {}

    static PreparedCall accumulate(List<Operand> in) {
        Slots slots = new Slots(in.get(0).shape().dim(0));
        int width = in.get(0).shape().dim(1);
        int count = in.get(3).size();
        return () -> AccumulateRows.apply(slots, width, in.get(0), in.get(1), in.get(2), in.get(3), count);
    }

    static PreparedCall health(List<Operand> in, Operand out) {
        int width = in.get(0).shape().dim(1);
        return () -> RowsHealth.apply(width, in.get(0), in.get(1), out);
    }

    static PreparedCall update(TableUpdate op, List<Operand> in) {
        TableUpdate.Operands operands = TableUpdate.Operands.of(in);
        int rows = in.get(0).shape().dim(0);
        int width = in.get(0).shape().dim(1);
        int capacity = in.get(1).shape().dim(0);
        return () -> op.apply(operands, rows, capacity, width);
    }
}
