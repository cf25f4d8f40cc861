package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = x / (1 - rate) where an element is kept, else 0; each is dropped with the probability of the rate. Operands: x, counter. Linear in x
 * and symmetric: both derivatives are the same operation on what flows, which draws the mask again instead of keeping it.
 */
public record Dropout(Draws draws, double rate) implements Stochastic {

    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("rate must lie within [0, 1): rate=" + rate);
        }
    }

    /** What kept elements are multiplied by. */
    public double scale() {
        return 1 / (1 - rate);
    }

    /** Words whose upper 24 bits are below this drop their element. */
    public int threshold() {
        return (int) Math.rint(rate * 0x1p24);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.arithmetic(this, inputs.get(0));
        Stochastic.requireCounter(this, inputs.get(1));
        return inputs.get(0);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(this, cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Dropout(new Draws(1, 2), 0.5), Literal.wave(5, 7), Literal.counter(3)),
                Sample.of(new Dropout(new Draws(-1, 7), 0.1), Literal.wave(207), Literal.counter(0x1p40)),
                Sample.of(new Dropout(new Draws(1, 2), 0), Literal.wave(13), Literal.counter(3)),
                Sample.of(new Dropout(new Draws(5, 0), 0.3), Literal.wave(3, 43).with(DType.F64), Literal.counter(0)));
    }
}
