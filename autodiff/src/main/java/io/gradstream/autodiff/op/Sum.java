package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum over some axes. */
public record Sum(Axes axes) implements Reduction {

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.broadcast(cotangent, at.input(0).shape()));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Sum(new Axes(0)), Literal.wave(5, 7)),
                Sample.of(new Sum(new Axes(1)), Literal.wave(5, 7)),
                Sample.of(new Sum(new Axes(0, 2)), Literal.wave(3, 4, 5)),
                Sample.of(new Sum(new Axes(1)), Literal.wave(3, 4, 5)),
                Sample.of(new Sum(new Axes(0)), Literal.wave(207)));
    }
}
