package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;

/** Tiles of F32 as factors of products with another element type: themselves, or copies that are rounded anew before each use. */
record TileFactor(MemorySegment data, DType dtype, int entries, int rows, int columns, PreparedCall refresh) {

    static TileFactor of(MemorySegment floats, DType dtype, int entries, int rows, int columns, MemorySegment halves) {
        if (dtype == DType.F32) {
            return new TileFactor(floats, dtype, entries, rows, columns, () -> {});
        }
        TensorType wide = TensorType.of(DType.F32, entries, rows, columns);
        PreparedCall rounding = Casts.prepare(new Operand(floats, wide), new Operand(halves, wide.with(dtype)));
        return new TileFactor(halves, dtype, entries, rows, columns, rounding);
    }

    Matrix matrix() {
        return Matrix.of(data, entries, rows, columns, false, dtype);
    }

    Matrix transposed() {
        return Matrix.of(data, entries, columns, rows, true, dtype);
    }
}
