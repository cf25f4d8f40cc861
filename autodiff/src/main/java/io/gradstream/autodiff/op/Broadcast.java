package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array repeated until it fills a larger shape. */
public record Broadcast(Shape shape) implements Movement {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType input = inputs.get(0);
        Rules.require(
                Shape.broadcast(input.shape(), shape).equals(shape),
                this,
                "cannot shrink its operand",
                "operand=" + input + " shape=" + shape);
        return input.with(shape);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.sumTo(cotangent, at.input(0).shape()));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Broadcast(Shape.of(5, 7)), Literal.wave(7)),
                Sample.of(new Broadcast(Shape.of(5, 7)), Literal.wave(5, 1)),
                Sample.of(new Broadcast(Shape.of(3, 4)), Literal.scalar(1.5)));
    }
}
