package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;

/**
 * A matrix operand, or several of one form behind each other: how many, their logical rows and columns, and how many elements lie between
 * neighbours.
 */
record Matrix(MemorySegment data, int count, int rows, int columns, long rowStride, long columnStride, DType dtype) {
    /** The last two axes of an operand; those before them count matrices. */
    static Matrix of(Operand operand, boolean transposed) {
        int rows = operand.shape().dim(transposed ? -1 : -2);
        int columns = operand.shape().dim(transposed ? -2 : -1);
        int count = Math.toIntExact(operand.shape().leading(2).size());
        return of(operand.data(), count, rows, columns, transposed, operand.dtype());
    }

    /** A whole matrix, stored row by row or, when transposed, column by column. */
    static Matrix of(MemorySegment data, int rows, int columns, boolean transposed, DType dtype) {
        return of(data, 1, rows, columns, transposed, dtype);
    }

    static Matrix of(MemorySegment data, int count, int rows, int columns, boolean transposed, DType dtype) {
        return new Matrix(data, count, rows, columns, transposed ? 1 : columns, transposed ? rows : 1, dtype);
    }

    long size() {
        return (long) count * rows * columns;
    }

    double get(int row, int column) {
        return dtype.get(data, row * rowStride + column * columnStride);
    }

    /** Some rows of the only one. */
    Matrix rows(int from, int count) {
        return new Matrix(
                data.asSlice(from * rowStride * dtype.bytes()), 1, count, columns, rowStride, columnStride, dtype);
    }

    Matrix withData(MemorySegment replacement, DType as) {
        return new Matrix(replacement, count, rows, columns, rowStride, columnStride, as);
    }

    /** One matrix of this form in other memory. */
    Matrix one(MemorySegment replacement) {
        return new Matrix(replacement, 1, rows, columns, rowStride, columnStride, dtype);
    }

    /** The bytes of one matrix. */
    long bytes() {
        return (long) rows * columns * dtype.bytes();
    }
}
