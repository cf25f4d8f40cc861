package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The derivative rules of an operation, written in operations. */
public interface Differentiable {

    /**
     * The vector-Jacobian product: from the cotangent of the output one cotangent per input, of the input's shape and
     * gradient type; null where none flows.
     */
    List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent);

    /** The Jacobian-vector product: from one tangent per input (null is zero) the tangent of the output (null is zero). */
    @Nullable
    Value jvp(Emitter e, Application at, List<@Nullable Value> tangents);
}
