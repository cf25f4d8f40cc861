package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All derivatives of every element of one value by every element of another, for small functions: one product per row or per column,
 * whichever are fewer. Large ones are better asked for products, by {@link Gradient} and {@link Jvp}.
 */
public final class Jacobian {

    private Jacobian() {}

    /** The derivatives, in the output's shape followed by the value's. */
    public static Tensor of(Tape tape, Tensor output, Tensor value) {
        int rows = Math.toIntExact(output.shape().size());
        int columns = Math.toIntExact(value.shape().size());
        Tensor matrix = rows <= columns
                ? stack(
                        0,
                        rows,
                        i -> Gradient.partial(tape, output, unit(output, i), List.of(value))
                                .get(0)
                                .reshape(1, columns))
                : stack(
                        1,
                        columns,
                        i -> Jvp.of(tape, output, List.of(value), List.of(unit(value, i)))
                                .reshape(rows, 1));
        return matrix.reshape(IntStream.concat(
                        IntStream.of(output.shape().dims()),
                        IntStream.of(value.shape().dims()))
                .toArray());
    }

    private static Tensor stack(int axis, int count, IntFunction<Tensor> part) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(part.apply(i));
        }
        return Tensor.concat(axis, parts);
    }

    /** Zeros but for a one, in the shape and gradient type of a value. */
    private static Tensor unit(Tensor like, int index) {
        int size = Math.toIntExact(like.shape().size());
        Tensor one = like.tape().constant(1, like.dtype().gradient());
        Tensor row = (Tensor) like.tape().reshape(one, Shape.of(1));
        return (Tensor) like.tape().reshape(row.pad(0, index, size - index - 1), like.shape());
    }
}
