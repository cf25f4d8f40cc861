package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;

/** A matrix operand: its logical rows and columns, stored row by row or, when transposed, column by column. */
record Matrix(MemorySegment data, int rows, int columns, boolean transposed, DType dtype) {
    long rowStride() {
        return transposed ? 1 : columns;
    }

    long columnStride() {
        return transposed ? rows : 1;
    }

    long size() {
        return (long) rows * columns;
    }

    double get(int row, int column) {
        return dtype.get(data, row * rowStride() + column * columnStride());
    }

    Matrix withData(MemorySegment replacement, DType as) {
        return new Matrix(replacement, rows, columns, transposed, as);
    }
}
