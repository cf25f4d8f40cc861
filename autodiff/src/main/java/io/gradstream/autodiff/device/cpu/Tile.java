package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.AttentionLayout.Rows;
import java.lang.foreign.MemorySegment;

/** A few rows of some entries of an operand, copied to a fixed place and filled up with zeros, where prepared products find them. */
final class Tile {
    private final AttentionCall call;
    private final Rows source;
    private final MemorySegment room;
    private final MemorySegment zeros;
    private final int entries;
    private final int rows;
    private final int columns;
    private final DType dtype;
    private final long rowBytes;
    private final long stride;
    private final long start;

    Tile(AttentionCall call, Rows source, int rows, Workspace workspace) {
        this.call = call;
        this.source = source;
        this.rows = rows;
        entries = call.together();
        columns = call.layout().width();
        dtype = call.in().get(source.operand()).dtype();
        rowBytes = (long) columns * dtype.bytes();
        stride = source.ofRow() * dtype.bytes();
        room = workspace.bytes((long) entries * rows * rowBytes);
        start = room.address();
        zeros = workspace.bytes(rows * rowBytes);
    }

    /** Copies so many rows of each of so many entries. */
    void load(int firstEntry, int entryCount, int firstRow, int rowCount) {
        for (int i = 0; i < entryCount; i++) {
            long from = call.address(source, firstEntry + i, firstRow);
            long to = start + (long) i * rows * rowBytes;
            Pieces.copy(from, stride, to, rowBytes, rowBytes, rowCount);
            if (rowCount < rows) {
                MemorySegment.copy(zeros, 0, MEMORY, to + rowCount * rowBytes, (rows - rowCount) * rowBytes);
            }
        }
    }

    Matrix matrix() {
        return Matrix.of(room, entries, rows, columns, false, dtype);
    }

    Matrix transposed() {
        return Matrix.of(room, entries, columns, rows, true, dtype);
    }
}
