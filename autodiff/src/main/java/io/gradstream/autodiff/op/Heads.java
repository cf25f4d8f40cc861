package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import org.jspecify.annotations.Nullable;

/** The heads of {@link SelfAttention} as batch entries of {@link Attention}, in operations: how rows are taken apart and put together again. */
record Heads(Emitter e, int heads, int batch, int length, int width) {

    /** The heads of maps [batch, length, 3·heads·width]. */
    static Heads of(Emitter e, int heads, Value maps) {
        Shape shape = maps.shape();
        return new Heads(e, heads, shape.dim(0), shape.dim(1), shape.dim(2) / 3 / heads);
    }

    /** Q, K and V [batch·heads, length, width] of what lies side by side. */
    Value[] maps(Value packed) {
        Value parts = transpose(e.reshape(packed, batch, length, 3, heads, width), 2, 0, 3, 1, 4);
        Value[] maps = new Value[3];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = e.reshape(e.emit(new Slice(0, i, i + 1), parts), batch * heads, length, width);
        }
        return maps;
    }

    /** The reverse of {@link #maps}. */
    Value packed(Value q, Value k, Value v) {
        Value parts = e.emit(new Concat(0), q, k, v);
        Value apart = e.reshape(parts, 3, batch, heads, length, width);
        return e.reshape(transpose(apart, 1, 3, 0, 2, 4), batch, length, 3 * heads * width);
    }

    /** [batch·heads, length, width] of [batch, length, heads·width]. */
    Value apart(Value together) {
        Value parts = transpose(e.reshape(together, batch, length, heads, width), 0, 2, 1, 3);
        return e.reshape(parts, batch * heads, length, width);
    }

    /** The reverse of {@link #apart}. */
    Value together(Value apart) {
        Value parts = transpose(e.reshape(apart, batch, heads, length, width), 0, 2, 1, 3);
        return e.reshape(parts, batch, length, heads * width);
    }

    /** The lengths of the heads. */
    @Nullable
    Value lengths(@Nullable Value ofBatch) {
        return ofBatch == null
                ? null
                : e.reshape(e.broadcast(e.reshape(ofBatch, batch, 1), Shape.of(batch, heads)), batch * heads);
    }

    private Value transpose(Value x, int... order) {
        return e.emit(new Transpose(order), x);
    }
}
