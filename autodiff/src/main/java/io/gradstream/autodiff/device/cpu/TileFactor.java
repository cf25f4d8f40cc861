package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;

/** A tile of F32 as a factor of products with another element type: itself, or a copy that is rounded anew before each use. */
record TileFactor(MemorySegment data, DType dtype, int rows, int columns, PreparedCall refresh) {

    static TileFactor of(MemorySegment floats, DType dtype, int rows, int columns, MemorySegment halves) {
        if (dtype == DType.F32) {
            return new TileFactor(floats, dtype, rows, columns, () -> {});
        }
        TensorType wide = TensorType.of(DType.F32, rows, columns);
        PreparedCall rounding = Casts.prepare(new Operand(floats, wide), new Operand(halves, wide.with(dtype)));
        return new TileFactor(halves, dtype, rows, columns, rounding);
    }

    Matrix matrix() {
        return Matrix.of(data, rows, columns, false, dtype);
    }

    Matrix transposed() {
        return Matrix.of(data, columns, rows, true, dtype);
    }
}
