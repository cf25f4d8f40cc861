package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest element over some axes; elements that tie share its slope evenly. */
public record Max(Axes axes) implements Reduction {

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.multiply(share(e, at), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(new Sum(axes), e.multiply(share(e, at), tangent));
    }

    /** 1/ties at the largest elements, 0 elsewhere. */
    private Value share(Emitter e, Application at) {
        Value largest = e.equal(at.input(0), at.output());
        return e.divide(largest, e.emit(new Sum(axes), largest));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Max(new Axes(0)), Literal.wave(5, 7)),
                Sample.of(new Max(new Axes(1)), Literal.wave(5, 7)),
                Sample.of(new Max(new Axes(0, 2)), Literal.wave(3, 4, 5)),
                Sample.of(new Max(new Axes(0)), Literal.of(1, 3, 3, -2)).valuesOnly());
    }
}
