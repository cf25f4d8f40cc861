package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** v - mean v - y·mean (y∘v) along the last axis: a row without its mean, unless not centered, and without its part along a standardized row.
 * Operands: y, v. */
public record Deflate(boolean centered) implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.arithmetic(this, inputs.get(0));
        Rules.rows(this, inputs.get(0));
        Rules.type(this, "row", inputs.get(1), inputs.get(0));
        return inputs.get(0);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value y = at.input(0);
        Value v = at.input(1);
        Value along = e.add(e.multiply(cotangent, mean(e, y, v)), e.multiply(v, mean(e, y, cotangent)));
        return Rules.listOf(e.negate(along), e.emit(this, y, cotangent));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value y = at.input(0);
        Value v = at.input(1);
        Value tangentY = tangents.get(0);
        Value tangentV = tangents.get(1);
        Value along = tangentY == null
                ? null
                : e.negate(e.add(e.multiply(tangentY, mean(e, y, v)), e.multiply(y, mean(e, tangentY, v))));
        return Rules.sum(e, tangentV == null ? null : e.emit(this, y, tangentV), along);
    }

    private static Value mean(Emitter e, Value a, Value b) {
        return e.multiply(e.sumKeeping(e.multiply(a, b), -1), 1.0 / a.shape().dim(-1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Deflate(true), Literal.wave(5, 7), Literal.ripple(5, 7)),
                Sample.of(new Deflate(false), Literal.wave(2, 3, 37), Literal.ripple(2, 3, 37)));
    }
}
