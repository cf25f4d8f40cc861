package io.gradstream.autodiff.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** ln Σ e^x over some axes, with the largest element subtracted first; of minus infinities alone it is minus infinity, with no slope. */
public record LogSumExp(Axes axes) implements Reduction {

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.multiply(share(e, at), cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(new Sum(axes), e.multiply(share(e, at), tangent));
    }

    /** e^(x - y), and 0 where the result is minus infinity. */
    private static Value share(Emitter e, Application at) {
        Value y = at.output();
        Value lowest = e.constant(Double.NEGATIVE_INFINITY, y.dtype());
        Value normalizer = e.where(e.equal(y, lowest), e.constant(0, y.dtype()), y);
        return e.exp(e.subtract(at.input(0), normalizer));
    }

    public static List<Sample> samples() {
        double none = Double.NEGATIVE_INFINITY;
        return List.of(
                Sample.of(new LogSumExp(new Axes(1)), Literal.wave(5, 7)),
                Sample.of(new LogSumExp(new Axes(0)), Literal.wave(5, 7)),
                Sample.of(new LogSumExp(new Axes(0, 2)), Literal.wave(3, 4, 5)),
                Sample.of(new LogSumExp(new Axes(0)), Literal.of(1e4, -1e4, 9999, 0))
                        .valuesOnly(),
                Sample.of(new LogSumExp(new Axes(0)), Literal.of(none, none)).valuesOnly(),
                Sample.of(new LogSumExp(new Axes(0)), Literal.of(none, 3, none)).valuesOnly());
    }
}
