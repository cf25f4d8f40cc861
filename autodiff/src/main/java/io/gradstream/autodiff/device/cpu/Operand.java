package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Elements;
import java.lang.foreign.MemorySegment;

/** An array a call reads or writes: exactly its bytes, and its type. */
record Operand(MemorySegment data, TensorType type) implements Elements {
    Shape shape() {
        return type.shape();
    }

    DType dtype() {
        return type.dtype();
    }

    int size() {
        return Math.toIntExact(type.shape().size());
    }

    @Override
    public double get(long index) {
        return type.dtype().get(data, index);
    }

    @Override
    public void set(long index, double value) {
        type.dtype().set(data, index, value);
    }
}
