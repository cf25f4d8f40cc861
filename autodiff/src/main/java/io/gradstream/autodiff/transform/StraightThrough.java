package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The straight-through estimator: a value whose derivatives are taken as if it were another one, where its own are zero or
 * unknown (arXiv 1308.3432). The value is exact to the bit; every other node keeps its own derivatives.
 */
public final class StraightThrough {

    private static final CustomRule IDENTITY = CustomRule.of("straight-through", new Identity());

    private StraightThrough() {}

    /** A value with the derivatives of another of the same type. */
    public static Tensor of(Tensor value, Tensor derivative) {
        if (!value.type().equals(derivative.type())) {
            throw new ShapeException("a value and what it passes its gradient to must have one type: value="
                    + value.describe() + " derivative=" + derivative.describe());
        }
        return derivative.apply(IDENTITY, value);
    }

    /** The nearest whole numbers, ties to even, with a slope of 1. */
    public static Tensor round(Tensor x) {
        return of(x.round(), x);
    }

    /** -1, 0 or 1, with a slope of 1. */
    public static Tensor sign(Tensor x) {
        return of(x.sign(), x);
    }

    private record Identity() implements Differentiable {

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            return List.of(cotangent);
        }

        @Override
        public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            return tangents.get(0);
        }
    }
}
