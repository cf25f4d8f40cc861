package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.Slots;
import io.gradstream.autodiff.op.TableUpdate;
import java.util.List;

/** Tables of which only some rows have gradients. */
final class TableKernels {

    private TableKernels() {}

    static Runnable accumulate(List<Array> in) {
        Slots slots = new Slots(in.get(0).dim(0));
        return () -> AccumulateRows.apply(
                slots,
                in.get(0).dim(1),
                in.get(0),
                in.get(1),
                in.get(2),
                in.get(3),
                in.get(3).size());
    }

    static Runnable health(List<Array> in, Array health) {
        return () -> RowsHealth.apply(in.get(0).dim(1), in.get(0), in.get(1), health);
    }

    static Runnable update(TableUpdate op, List<Array> in) {
        TableUpdate.Operands operands = TableUpdate.Operands.of(in);
        return () ->
                op.apply(operands, in.get(0).dim(0), in.get(1).dim(0), in.get(0).dim(1));
    }
}
