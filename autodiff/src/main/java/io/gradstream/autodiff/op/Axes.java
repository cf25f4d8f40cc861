package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A set of axes, ascending, counted from 0. */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record Axes(int... axes) {

    public Axes {
        axes = IntStream.of(axes).sorted().distinct().toArray();
        if (axes.length > 0 && axes[0] < 0) {
            throw new IllegalArgumentException("axes must not be negative: axes=" + Arrays.toString(axes));
        }
    }

    /** Axes of a shape, of which negative ones count from its end; none given means all. */
    public static Axes of(Shape shape, int... axes) {
        return axes.length == 0
                ? new Axes(IntStream.range(0, shape.rank()).toArray())
                : new Axes(IntStream.of(axes).map(shape::axis).toArray());
    }

    @Override
    public int[] axes() {
        return axes.clone();
    }

    public boolean contains(int axis) {
        return Arrays.binarySearch(axes, axis) >= 0;
    }

    /** The shape in which these axes have shrunk to 1. */
    public Shape shrink(Shape shape) {
        Shape shrunk = shape;
        for (int axis : axes) {
            shrunk = shrunk.with(axis, 1);
        }
        return shrunk;
    }

    /** The shape without these axes. */
    public Shape remove(Shape shape) {
        return new Shape(IntStream.range(0, shape.rank())
                .filter(axis -> !contains(axis))
                .map(shape::dim)
                .toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axes that && Arrays.equals(axes, that.axes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(axes);
    }

    @Override
    public String toString() {
        return Arrays.toString(axes);
    }
}
