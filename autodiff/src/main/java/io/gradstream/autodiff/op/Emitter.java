package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.stream.IntStream;

/** Where derivative rules put the operations they are written in. */
public interface Emitter {

    Value emit(Op op, Value... inputs);

    default Value constant(double value, DType dtype) {
        return emit(new Constant(new TensorType(Shape.scalar(), dtype), value));
    }

    /** Zeros of the shape and gradient type of a value. */
    default Value zeros(Value like) {
        return emit(new Constant(like.type().with(like.dtype().gradient()), 0));
    }

    default Value add(Value a, Value b) {
        return emit(new Add(), a, b);
    }

    default Value add(Value a, double b) {
        return add(a, constant(b, a.dtype()));
    }

    default Value subtract(Value a, Value b) {
        return emit(new Subtract(), a, b);
    }

    /** The product, without an operation where one factor is known to be one and the other has the product's shape. */
    default Value multiply(Value a, Value b) {
        Shape shape = Shape.broadcast(a.shape(), b.shape());
        if (b.constant().orElse(0) == 1 && a.shape().equals(shape)) {
            return a;
        }
        if (a.constant().orElse(0) == 1 && b.shape().equals(shape)) {
            return b;
        }
        return emit(new Multiply(), a, b);
    }

    default Value multiply(Value a, double b) {
        return multiply(a, constant(b, a.dtype()));
    }

    default Value divide(Value a, Value b) {
        return emit(new Divide(), a, b);
    }

    default Value negate(Value x) {
        return emit(new Negate(), x);
    }

    default Value exp(Value x) {
        return emit(new Exp(), x);
    }

    default Value erf(Value x) {
        return emit(new Erf(), x);
    }

    default Value sign(Value x) {
        return emit(new Sign(), x);
    }

    default Value square(Value x) {
        return emit(new Square(), x);
    }

    default Value power(Value x, double exponent) {
        return emit(new Power(exponent), x);
    }

    default Value sigmoid(Value x) {
        return emit(new Sigmoid(), x);
    }

    default Value softmax(Value x) {
        return emit(new Softmax(), x);
    }

    default Value equal(Value a, Value b) {
        return emit(new Equal(), a, b);
    }

    default Value greater(Value a, Value b) {
        return emit(new Greater(), a, b);
    }

    default Value greaterOrEqual(Value a, Value b) {
        return emit(new GreaterOrEqual(), a, b);
    }

    default Value where(Value condition, Value a, Value b) {
        return emit(new Where(), condition, a, b);
    }

    default Value matmul(Value a, boolean transposeA, Value b, boolean transposeB) {
        return emit(new Matmul(transposeA, transposeB), a, b);
    }

    /** The sum over some axes, which stay with extent 1; none given means all. */
    default Value sumKeeping(Value x, int... axes) {
        Axes reduced = Axes.of(x.shape(), axes);
        return reduced.shrink(x.shape()).equals(x.shape()) ? x : emit(new Sum(reduced), x);
    }

    /** The sum over all axes that broadcasting from a shape has stretched: the transpose of {@link #broadcast}. */
    default Value sumTo(Value x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        int added = x.shape().rank() - shape.rank();
        int[] stretched = IntStream.range(0, x.shape().rank())
                .filter(axis -> x.shape().dim(axis) != 1 && (axis < added || shape.dim(axis - added) == 1))
                .toArray();
        Value sum = stretched.length == 0 ? x : emit(new Sum(new Axes(stretched)), x);
        return reshape(sum, shape);
    }

    default Value broadcast(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : emit(new Broadcast(shape), x);
    }

    default Value reshape(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : emit(new Reshape(shape), x);
    }

    default Value reshape(Value x, int... dims) {
        return reshape(x, Shape.of(dims));
    }

    default Value cast(Value x, DType dtype) {
        return x.dtype() == dtype ? x : emit(new Cast(dtype), x);
    }
}
