package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.INT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;

import io.gradstream.autodiff.op.RowsHealth;
import java.util.List;

/** Tables of F32: rows fetched by number, and the gradients of touched rows collected in their slots. */
final class VectorTables {

    private VectorTables() {}

    static PreparedCall embedding(Operand table, Operand ids, Operand out) {
        int rows = table.shape().dim(0);
        int width = table.shape().dim(1);
        int count = ids.size();
        long stride = (long) width * Float.BYTES;
        long from = table.data().address();
        long to = out.data().address();
        long id = ids.data().address();
        Fetch fetch = new Fetch(rows, stride);
        return () -> {
            for (int first = 0; first < count; first += Fetch.ROWS) {
                int together = Math.min(Fetch.ROWS, count - first);
                long numbers = id + (long) first * Integer.BYTES;
                fetch.of(from, numbers, together);
                RawRows.gather(from, stride, numbers, together, to + first * stride, width);
            }
        };
    }

    static PreparedCall accumulate(List<Operand> in) {
        int width = in.get(0).shape().dim(1);
        int count = in.get(3).size();
        long stride = (long) width * Float.BYTES;
        long gradients = in.get(0).data().address();
        RawSlots slots = new RawSlots(in.get(0).shape().dim(0), in.get(1));
        long updates = in.get(2).data().address();
        long id = in.get(3).data().address();
        return () -> {
            for (int i = 0; i < count; i++) {
                long update = updates + i * stride;
                if (!RawRows.isZero(update, width)) {
                    int slot = slots.claim(MEMORY.get(INT, id + (long) i * Integer.BYTES));
                    RawRows.add(update, gradients + slot * stride, width);
                }
            }
        };
    }

    static PreparedCall health(List<Operand> in, Operand out) {
        Operand gradients = in.get(0);
        int width = gradients.shape().dim(1);
        RawSlots slots = new RawSlots(gradients.shape().dim(0), in.get(1));
        Squares squares = new Squares();
        return () -> RowsHealth.report(out, squares.sum(gradients.data(), 0, Math.multiplyExact(slots.inUse(), width)));
    }
}
