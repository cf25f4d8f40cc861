package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value whose derivatives count more, less or negatively: loss balancing, slower layers, gradient reversal (arXiv 1505.07818). */
public final class Reweighted {

    private Reweighted() {}

    /** The same value, with its derivatives times a factor. */
    public static Tensor of(Tensor value, double factor) {
        return value.apply(CustomRule.of("reweighted by " + factor, new Scale(factor)), value);
    }

    private record Scale(double factor) implements Differentiable {

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            List<@Nullable Value> cotangents = new ArrayList<>();
            cotangents.add(e.multiply(cotangent, factor));
            return cotangents;
        }

        @Override
        public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            Value tangent = tangents.get(0);
            return tangent == null ? null : e.multiply(tangent, factor);
        }
    }
}
