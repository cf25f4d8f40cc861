package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.Transpose;
import io.gradstream.autodiff.op.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The same elements under another shape, in another place or type. */
public sealed interface Movements extends Expression permits Tensor {

    default Tensor reshape(int... dims) {
        return (Tensor) tape().reshape(this, dims);
    }

    default Tensor broadcast(Shape shape) {
        return (Tensor) tape().broadcast(this, shape);
    }

    /** Axes in another order: axis i of the result is axis order[i] of this. */
    default Tensor transpose(int... order) {
        return apply(new Transpose(IntStream.of(order).map(shape()::axis).toArray()));
    }

    default Tensor slice(int axis, int from, int to) {
        return apply(new Slice(shape().axis(axis), from, to));
    }

    /** Pieces of the given extents along an axis, which they must fill. */
    default List<Tensor> split(int axis, int... extents) {
        if (IntStream.of(extents).sum() != shape().dim(axis)) {
            throw new IllegalArgumentException("pieces must fill the axis: extents="
                    + IntStream.of(extents).boxed().toList() + " shape=" + shape() + " axis=" + axis);
        }
        List<Tensor> pieces = new ArrayList<>();
        int from = 0;
        for (int extent : extents) {
            pieces.add(slice(axis, from, from + extent));
            from += extent;
        }
        return pieces;
    }

    default Tensor pad(int axis, int before, int after) {
        return apply(new Pad(shape().axis(axis), before, after));
    }

    /** One after the other along an axis that they have. */
    static Tensor concat(int axis, List<Tensor> parts) {
        Tensor first = parts.get(0);
        return first.tape().emit(new Concat(first.shape().axis(axis)), parts.toArray(Value[]::new));
    }

    /** One after the other along a new axis: arrays of one shape. */
    static Tensor stack(int axis, List<Tensor> parts) {
        Shape shape = parts.get(0).shape();
        int at = axis < 0 ? axis + shape.rank() + 1 : axis;
        int[] dims = IntStream.concat(
                        IntStream.concat(IntStream.of(shape.dims()).limit(at), IntStream.of(1)),
                        IntStream.of(shape.dims()).skip(at))
                .toArray();
        return concat(at, parts.stream().map(part -> part.reshape(dims)).toList());
    }

    default Tensor cast(DType dtype) {
        return (Tensor) tape().cast(this, dtype);
    }
}
