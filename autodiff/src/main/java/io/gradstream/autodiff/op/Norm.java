package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** √Σ x² over some axes, the squares summed in double, where no F32 overflows; at 0 the subgradient 0 is taken. */
public record Norm(Axes axes) implements Reduction {

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.multiply(direction(e, at), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(new Sum(axes), e.multiply(direction(e, at), tangent));
    }

    /** x/y, and 0 where y is 0. */
    private static Value direction(Emitter e, Application at) {
        Value y = at.output();
        Value zero = e.equal(y, e.constant(0, y.dtype()));
        return e.divide(at.input(0), e.where(zero, e.constant(1, y.dtype()), y));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Norm(new Axes(1)), Literal.wave(5, 7)),
                Sample.of(new Norm(new Axes(0)), Literal.wave(5, 7)),
                Sample.of(new Norm(new Axes(0, 2)), Literal.wave(3, 4, 5)),
                Sample.of(new Norm(new Axes(0)), Literal.of(3e30, -4e30, 0)).valuesOnly(),
                Sample.of(new Norm(new Axes(0)), Literal.of(0, 0, 0)).valuesOnly());
    }
}
