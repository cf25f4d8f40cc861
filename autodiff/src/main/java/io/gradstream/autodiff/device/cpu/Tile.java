package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;

/** A few rows of an operand, copied to a fixed place and filled up with zeros, where prepared products find them. */
final class Tile {
    private final MemorySegment source;
    private final MemorySegment room;
    private final MemorySegment zeros;
    private final int rows;
    private final int columns;
    private final DType dtype;

    Tile(Operand source, int rows, int columns, Workspace workspace) {
        this.source = source.data();
        this.rows = rows;
        this.columns = columns;
        dtype = source.dtype();
        long bytes = (long) rows * columns * dtype.bytes();
        room = workspace.bytes(bytes);
        zeros = workspace.bytes(bytes);
    }

    void load(long firstRow, int count) {
        long row = (long) columns * dtype.bytes();
        MemorySegment.copy(source, firstRow * row, room, 0, count * row);
        if (count < rows) {
            MemorySegment.copy(zeros, 0, room, count * row, (rows - count) * row);
        }
    }

    Matrix matrix() {
        return Matrix.of(room, rows, columns, false, dtype);
    }

    Matrix transposed() {
        return Matrix.of(room, columns, rows, true, dtype);
    }
}
