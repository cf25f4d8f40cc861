package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = (x - μ)·r along the last axis, with r = 1/√(mean (x - μ)² + epsilon) and μ the mean, or 0 when not centered: layer norm and RMS norm
 * before their gains. */
public record Standardize(boolean centered, double epsilon) implements Rowwise {

    public Standardize {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must not be negative: epsilon=" + epsilon);
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Rules.arithmetic(this, inputs.get(0));
        Rules.rows(this, inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(product(e, at, cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : product(e, at, tangent);
    }

    /** The Jacobian r·(I - 1·1ᵀ/n - y·yᵀ/n), which is symmetric, times a vector. */
    private Value product(Emitter e, Application at, Value v) {
        Value scale = e.emit(new InverseDeviation(centered, epsilon), at.input(0));
        return e.multiply(e.emit(new Deflate(centered), at.output(), v), scale);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Standardize(true, 1e-5), Literal.wave(5, 7)),
                Sample.of(new Standardize(false, 1e-5), Literal.wave(5, 7)),
                Sample.of(new Standardize(true, 0.1), Literal.wave(2, 3, 37)),
                Sample.of(new Standardize(true, 1e-5), Literal.of(3e4, 3e4 + 1, 3e4 + 2, 3e4 - 1))
                        .valuesOnly(),
                Sample.of(new Standardize(true, 1e-5), Literal.of(2, 2, 2)).valuesOnly());
    }
}
