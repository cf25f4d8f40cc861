package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;

/** A matrix operand: its logical rows and columns, and how many elements lie between neighbours. */
record Matrix(MemorySegment data, int rows, int columns, long rowStride, long columnStride, DType dtype) {
    /** A whole matrix, stored row by row or, when transposed, column by column. */
    static Matrix of(MemorySegment data, int rows, int columns, boolean transposed, DType dtype) {
        return new Matrix(data, rows, columns, transposed ? 1 : columns, transposed ? rows : 1, dtype);
    }

    long size() {
        return (long) rows * columns;
    }

    double get(int row, int column) {
        return dtype.get(data, row * rowStride + column * columnStride);
    }

    /** Some rows of it. */
    Matrix rows(int from, int count) {
        return new Matrix(
                data.asSlice(from * rowStride * dtype.bytes()), count, columns, rowStride, columnStride, dtype);
    }

    Matrix withData(MemorySegment replacement, DType as) {
        return new Matrix(replacement, rows, columns, rowStride, columnStride, as);
    }
}
