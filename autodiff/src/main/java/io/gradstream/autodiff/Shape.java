package io.gradstream.autodiff;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The extents of a row-major array, outermost first; an immutable value. An array with an extent of 0 has no elements. */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record Shape(int... dims) {

    private static final Shape SCALAR = new Shape();

    public Shape {
        dims = dims.clone();
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("dimensions must not be negative: dims=" + Arrays.toString(dims));
            }
        }
    }

    public static Shape of(int... dims) {
        return new Shape(dims);
    }

    public static Shape scalar() {
        return SCALAR;
    }

    @Override
    public int[] dims() {
        return dims.clone();
    }

    public int rank() {
        return dims.length;
    }

    /** The extent of one axis; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** The axis as a number from 0; negative axes count from the end. */
    public int axis(int axis) {
        int positive = axis < 0 ? axis + dims.length : axis;
        if (positive < 0 || positive >= dims.length) {
            throw new ShapeException("axis must be within the rank: axis=" + axis + " shape=" + this);
        }
        return positive;
    }

    public long size() {
        long size = 1;
        for (int dim : dims) {
            size = Math.multiplyExact(size, dim);
        }
        return size;
    }

    /** How many elements lie between neighbours along each axis. */
    public long[] strides() {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /** The extents before the last few axes. */
    public Shape leading(int last) {
        return new Shape(Arrays.copyOf(dims, Math.max(0, dims.length - last)));
    }

    public Shape with(int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis(axis)] = dim;
        return new Shape(changed);
    }

    /** The shape both operands stretch to: aligned at the last axis, an extent of 1 repeats. */
    public static Shape broadcast(Shape left, Shape right) {
        if (left.equals(right)) {
            return left;
        }
        int rank = Math.max(left.rank(), right.rank());
        int[] dims = new int[rank];
        for (int fromEnd = 1; fromEnd <= rank; fromEnd++) {
            int l = fromEnd <= left.rank() ? left.dims[left.rank() - fromEnd] : 1;
            int r = fromEnd <= right.rank() ? right.dims[right.rank() - fromEnd] : 1;
            if (l != r && l != 1 && r != 1) {
                throw new ShapeException("shapes must broadcast: left=" + left + " right=" + right);
            }
            dims[rank - fromEnd] = l == 1 ? r : l;
        }
        return new Shape(dims);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return dims.length == 0
                ? "scalar"
                : IntStream.of(dims).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
