package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of one element: a scalar function and its slope are all it says. */
public sealed interface Unary extends Elementwise
        permits Abs,
                Clamp,
                Elu,
                Erf,
                Exp,
                Floor,
                Gelu,
                GeluSlope,
                Huber,
                LeakyRelu,
                Log,
                Log1p,
                Negate,
                Power,
                Relu,
                Round,
                Sigmoid,
                Sign,
                Silu,
                Softplus,
                Sqrt,
                Square,
                Tanh {

    /** The scalar function. */
    double apply(double x);

    /** dy/dx as operations of x and y; null is zero everywhere. */
    @Nullable
    Value slope(Emitter e, Value x, Value y);

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.arithmetic(this, inputs.get(0));
        return inputs.get(0);
    }

    @Override
    default List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value slope = slope(e, at.input(0), at.output());
        return Rules.listOf(slope == null ? null : e.multiply(cotangent, slope));
    }

    @Override
    default @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        if (tangent == null) {
            return null;
        }
        Value slope = slope(e, at.input(0), at.output());
        return slope == null ? null : e.multiply(tangent, slope);
    }
}
