package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.op.Elements;

/** A buffer's elements in reference memory. */
record Array(ReferenceMemory memory, int offset, Shape shape, DType dtype) implements Elements {

    static Array of(Buffer buffer) {
        if (!(buffer.memory() instanceof ReferenceMemory memory)) {
            throw new IllegalArgumentException("a buffer must lie in this device's memory: buffer=" + buffer);
        }
        return new Array(
                memory,
                Math.toIntExact(buffer.offset() / Double.BYTES),
                buffer.type().shape(),
                buffer.type().dtype());
    }

    int size() {
        return Math.toIntExact(shape.size());
    }

    @Override
    public double get(long index) {
        return memory.elements()[Math.toIntExact(offset + index)];
    }

    /** Stores a result, rounded if its type is stored with less than arithmetic has. */
    @Override
    public void set(long index, double value) {
        memory.elements()[Math.toIntExact(offset + index)] = switch (dtype) {
            case F64, F32 -> value;
            case BF16, F16, I32, U8 -> dtype.round(value);
        };
    }

    void copyTo(double[] values) {
        System.arraycopy(memory.elements(), offset, values, 0, values.length);
    }

    /** The extent of an axis; negative ones count from the end. */
    int dim(int axis) {
        return shape.dim(axis);
    }

    /**
     * For every element of a result shape the index of the element of this array that broadcasting puts there.
     */
    int[] broadcastTo(Shape result) {
        int[] indices = new int[Math.toIntExact(result.size())];
        long[] strides = shape.strides();
        int added = result.rank() - shape.rank();
        int[] position = new int[result.rank()];
        for (int i = 0; i < indices.length; i++) {
            int index = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                index += shape.dim(axis) == 1 ? 0 : Math.toIntExact(position[added + axis] * strides[axis]);
            }
            indices[i] = index;
            advance(position, result);
        }
        return indices;
    }

    /** Moves a position to the next element in row-major order. */
    static void advance(int[] position, Shape shape) {
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (++position[axis] < shape.dim(axis)) {
                return;
            }
            position[axis] = 0;
        }
    }
}
