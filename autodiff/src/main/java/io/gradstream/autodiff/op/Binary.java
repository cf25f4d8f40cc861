package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of two elements, broadcasting its operands: a scalar function and its two slopes are all it says. */
public sealed interface Binary extends Elementwise
        permits Add,
                Divide,
                Equal,
                Greater,
                GreaterOrEqual,
                Maximum,
                Minimum,
                Multiply,
                SigmoidCrossEntropy,
                SigmoidError,
                Subtract {

    /** The scalar function. */
    double apply(double a, double b);

    /** dy/da as operations; null is zero everywhere. */
    @Nullable
    Value leftSlope(Emitter e, Value a, Value b, Value y);

    /** dy/db as operations; null is zero everywhere. */
    @Nullable
    Value rightSlope(Emitter e, Value a, Value b, Value y);

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.arithmetic(this, inputs.get(0));
        Rules.sameDtype(this, inputs.get(0), inputs.get(1));
        return inputs.get(0)
                .with(Shape.broadcast(inputs.get(0).shape(), inputs.get(1).shape()));
    }

    @Override
    default List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value a = at.input(0);
        Value b = at.input(1);
        Value left = leftSlope(e, a, b, at.output());
        Value right = rightSlope(e, a, b, at.output());
        return Rules.listOf(
                left == null ? null : e.sumTo(e.multiply(cotangent, left), a.shape()),
                right == null ? null : e.sumTo(e.multiply(cotangent, right), b.shape()));
    }

    @Override
    default @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value a = at.input(0);
        Value b = at.input(1);
        Value tangentA = tangents.get(0);
        Value tangentB = tangents.get(1);
        Value left = tangentA == null ? null : leftSlope(e, a, b, at.output());
        Value right = tangentB == null ? null : rightSlope(e, a, b, at.output());
        Value sum = Rules.sum(
                e,
                left == null || tangentA == null ? null : e.multiply(tangentA, left),
                right == null || tangentB == null ? null : e.multiply(tangentB, right));
        return sum == null ? null : e.broadcast(sum, at.output().shape());
    }
}
