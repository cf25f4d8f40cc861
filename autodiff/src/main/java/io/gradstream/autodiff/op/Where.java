package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = a where the condition is not zero, else b; all three broadcast. */
public record Where() implements Elementwise {

    public double apply(double condition, double a, double b) {
        return condition != 0 ? a : b;
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        for (TensorType input : inputs) {
            Rules.arithmetic(this, input);
            Rules.sameDtype(this, inputs.get(0), input);
        }
        Shape branches = Shape.broadcast(inputs.get(1).shape(), inputs.get(2).shape());
        return inputs.get(1).with(Shape.broadcast(inputs.get(0).shape(), branches));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value condition = at.input(0);
        Value zero = e.constant(0, cotangent.dtype());
        return Rules.listOf(
                null,
                e.sumTo(e.where(condition, cotangent, zero), at.input(1).shape()),
                e.sumTo(e.where(condition, zero, cotangent), at.input(2).shape()));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value a = tangents.get(1);
        Value b = tangents.get(2);
        if (a == null && b == null) {
            return null;
        }
        Value zero = e.constant(0, at.output().dtype());
        Value chosen = e.where(at.input(0), a == null ? zero : a, b == null ? zero : b);
        return e.broadcast(chosen, at.output().shape());
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Where(), Literal.of(1, 0, 0, 1, 1), Literal.wave(3, 5), Literal.wave(3, 5)),
                Sample.of(new Where(), Literal.of(1, 0, 0, 1, 1), Literal.wave(3, 1), Literal.wave(5)));
    }
}
