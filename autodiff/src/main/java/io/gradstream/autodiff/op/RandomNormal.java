package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers of the standard normal distribution, by the Box–Muller transform. Operand: a counter. */
public record RandomNormal(Draws draws, Shape shape) implements Stochastic {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        Stochastic.requireCounter(this, inputs.get(0));
        return new TensorType(shape, DType.F32);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf((Value) null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return null;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new RandomNormal(new Draws(1, 2), Shape.of(5, 7)), Literal.counter(3))
                        .valuesOnly(),
                Sample.of(new RandomNormal(new Draws(-9, 1), Shape.of(207)), Literal.counter(1e10))
                        .valuesOnly());
    }
}
