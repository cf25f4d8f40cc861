package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same elements in the same order under another shape. */
public record Reshape(Shape shape) implements View {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        TensorType input = inputs.get(0);
        Rules.require(
                input.shape().size() == shape.size(),
                this,
                "must keep the number of elements",
                "operand=" + input + " shape=" + shape);
        return input.with(shape);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.reshape(cotangent, at.input(0).shape()));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Reshape(Shape.of(35)), Literal.wave(5, 7)),
                Sample.of(new Reshape(Shape.of(6, 1, 2)), Literal.wave(3, 4)));
    }
}
