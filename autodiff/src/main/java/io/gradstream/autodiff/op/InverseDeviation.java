package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** r = 1/√(mean (x - μ)² + epsilon) along the last axis, which shrinks to extent 1; μ is the mean, or 0 when not centered. */
public record InverseDeviation(boolean centered, double epsilon) implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType x = inputs.get(0);
        Rules.arithmetic(this, x);
        Rules.rows(this, x);
        return x.with(x.shape().with(-1, 1));
    }

    /** x̄ = -r²·y·r̄/n with the standardized y. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value factor = e.multiply(cotangent, square(e, at));
        return Rules.listOf(e.multiply(standardized(e, at), factor));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null
                ? null
                : e.multiply(e.sumKeeping(e.multiply(standardized(e, at), tangent), -1), square(e, at));
    }

    private Value standardized(Emitter e, Application at) {
        return e.emit(new Standardize(centered, epsilon), at.input(0));
    }

    /** -r²/n. */
    private static Value square(Emitter e, Application at) {
        return e.multiply(e.square(at.output()), -1.0 / at.input(0).shape().dim(-1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new InverseDeviation(true, 1e-5), Literal.wave(5, 7)),
                Sample.of(new InverseDeviation(false, 1e-5), Literal.wave(5, 7)),
                Sample.of(new InverseDeviation(true, 0.1), Literal.wave(2, 3, 37)));
    }
}
