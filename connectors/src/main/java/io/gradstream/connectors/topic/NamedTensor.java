package io.gradstream.connectors.topic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A block of numbers with a name, a type and a shape: row-major, little-endian.
 *
 * <p>Two are equal when all four are.
 *
 * @param bytes the elements; every call gives a new little-endian view of the same bytes, from its position to its limit
 */
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
public record NamedTensor(String name, Dtype dtype, int[] shape, ByteBuffer bytes) {
    public NamedTensor {
        shape = shape.clone();
        bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        long expected = size(shape) * dtype.bytes();
        if (bytes.remaining() != expected) {
            throw new IllegalArgumentException("a tensor must have the bytes of its shape: name=" + name + " dtype="
                    + dtype + " shape=" + Arrays.toString(shape) + " expected=" + expected + " bytes="
                    + bytes.remaining());
        }
    }

    /** Wraps floats, without copying later changes. */
    public static NamedTensor of(String name, float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new NamedTensor(name, Dtype.F32, shape, bytes);
    }

    /** Wraps doubles, without copying later changes. */
    public static NamedTensor of(String name, double[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return new NamedTensor(name, Dtype.F64, shape, bytes);
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The product of the dimensions. */
    public long size() {
        return size(shape);
    }

    /** The length of the first dimension; a scalar counts as one row. */
    public int rows() {
        return shape.length == 0 ? 1 : shape[0];
    }

    /** The rows from one to another, as a view of the same bytes. */
    public NamedTensor slice(int from, int to) {
        Objects.checkFromToIndex(from, to, rows());
        if (shape.length == 0) {
            return this;
        }
        int[] cut = shape.clone();
        cut[0] = to - from;
        int row = rows() == 0 ? 0 : bytes.remaining() / rows();
        return new NamedTensor(name, dtype, cut, bytes.slice(from * row, (to - from) * row));
    }

    /** The elements of a tensor of floats. */
    public float[] floats() {
        if (dtype != Dtype.F32) {
            throw new IllegalStateException("only F32 tensors have floats: name=" + name + " dtype=" + dtype);
        }
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes().asFloatBuffer().get(values);
        return values;
    }

    /** The elements of a tensor of doubles. */
    public double[] doubles() {
        if (dtype != Dtype.F64) {
            throw new IllegalStateException("only F64 tensors have doubles: name=" + name + " dtype=" + dtype);
        }
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes().asDoubleBuffer().get(values);
        return values;
    }

    static long size(int[] shape) {
        long size = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("dimensions must not be negative: shape=" + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedTensor that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape)
                && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape), bytes);
    }

    @Override
    public String toString() {
        return name + ":" + dtype + Arrays.toString(shape);
    }
}
