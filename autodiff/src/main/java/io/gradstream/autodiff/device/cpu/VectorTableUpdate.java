package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;

import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.TableUpdate;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/**
 * {@link TableUpdate} on vectors. Touched rows and their moments are copied side by side into the nearest cache, some at a time, updated
 * there as one run, and copied back: no row is too short for a vector. Rows between them, if they are to be
 * updated, are runs that lie in memory already.
 */
final class VectorTableUpdate implements PreparedCall {
    private static final int CHUNK = 1024;
    private static final int GRADIENTS = 1;

    private final Optimizer operands;
    private final boolean everyRow;
    private final VectorRule rule;
    private final VectorRun run;
    private final RawSlots slots;
    private final int rows;
    private final int width;
    private final long stride;
    private final int together;
    private final long[] blocks;
    private final long[] copies;
    private final long[] at;
    private final MemorySegment change;
    private final long zeros;
    private final BitSet touched;
    private final Fetch fetch;
    private final Squares squares = new Squares();
    private double squaredUpdate;
    private double squaredWeight;
    private double squaredWeightBefore;

    VectorTableUpdate(TableUpdate op, List<Operand> in, Workspace workspace) {
        everyRow = op.everyRow();
        operands = Optimizer.of(op.rule(), in.subList(0, in.size() - 1));
        rule = VectorRule.of(op.rule());
        rows = in.get(0).shape().dim(0);
        width = in.get(0).shape().dim(1);
        together = Math.max(1, CHUNK / width);
        slots = new RawSlots(in.get(GRADIENTS).shape().dim(0), in.getLast());
        blocks = operands.addresses();
        run = new VectorRun(rule, blocks.length, workspace);
        at = new long[blocks.length];
        copies = new long[blocks.length];
        int room = together * width + FLOATS.length();
        for (int i = 0; i < copies.length; i++) {
            copies[i] = i == GRADIENTS ? 0 : workspace.floats(room).address();
        }
        change = workspace.floats(room);
        stride = offset(1);
        fetch = new Fetch(rows, stride);
        touched = new BitSet(everyRow ? rows : 0);
        zeros = everyRow ? workspace.floats(room).address() : 0;
    }

    @Override
    public void run() {
        squaredUpdate = 0;
        squaredWeight = 0;
        squaredWeightBefore = 0;
        int inUse = slots.inUse();
        double weight = operands.statistics().get(OptimizerUpdate.Column.SQUARED_WEIGHT.index());
        if (!operands.skips()) {
            rule.begin(operands);
            for (int slot = 0; slot < inUse; slot += together) {
                updateTouched(slot, Math.min(together, inUse - slot));
            }
            if (everyRow) {
                updateUntouched(inUse);
                weight = squaredWeight;
            } else {
                weight += squaredWeight - squaredWeightBefore;
            }
        }
        operands.report(0, squaredUpdate, weight);
        RawRows.clear(blocks[GRADIENTS], inUse * width);
        slots.clear();
    }

    private void updateTouched(int slot, int count) {
        for (int block = 0; block < blocks.length; block++) {
            if (block != GRADIENTS) {
                fetch.of(blocks[block], slots.numbers(slot), count);
            }
        }
        for (int block = 0; block < blocks.length; block++) {
            if (block != GRADIENTS) {
                RawRows.gather(blocks[block], stride, slots.numbers(slot), count, copies[block], width);
            }
        }
        copies[GRADIENTS] = blocks[GRADIENTS] + offset(slot);
        squaredWeightBefore += sum(copies[0], count * width);
        update(copies, count * width);
        for (int block = 0; block < blocks.length; block++) {
            if (block != GRADIENTS) {
                RawRows.scatter(copies[block], width, blocks[block], stride, slots.numbers(slot), count);
            }
        }
    }

    private void updateUntouched(int inUse) {
        for (int slot = 0; slot < inUse; slot++) {
            touched.set(slots.row(slot));
        }
        for (int row = 0; row < rows; row = touched.nextClearBit(row)) {
            int next = touched.nextSetBit(row);
            int end = next < 0 ? rows : next;
            for (; row < end; row += together) {
                updateRun(row, Math.min(together, end - row));
            }
            row = end;
        }
        touched.clear();
    }

    private void updateRun(int row, int count) {
        for (int block = 0; block < blocks.length; block++) {
            at[block] = block == GRADIENTS ? zeros : blocks[block] + offset(row);
        }
        update(at, count * width);
    }

    private void update(long[] places, int count) {
        run.update(places, count, change.address());
        squaredUpdate += squares.sum(change, 0, count);
        squaredWeight += sum(places[0], count);
    }

    private double sum(long from, int count) {
        return squares.sum(MEMORY, from, count);
    }

    private long offset(int row) {
        return (long) row * width * Float.BYTES;
    }
}
