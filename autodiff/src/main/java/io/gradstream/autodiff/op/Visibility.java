package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which keys a query may look at, as 1 or 0: all, or with causality only those up to its own place, and of those only as many as a length
 * says. Operands: nothing, or I32 lengths[batch]. The result is F32 [batch or 1, queries, keys]. */
public record Visibility(int queries, int keys, boolean causal) implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.require(inputs.size() <= 1, this, "takes lengths or nothing", "operands=" + inputs);
        int batch = 1;
        if (!inputs.isEmpty()) {
            Rules.dtype(this, inputs.get(0), DType.I32);
            Rules.rank(this, inputs.get(0), 1);
            batch = inputs.get(0).shape().dim(0);
        }
        return TensorType.of(DType.F32, batch, queries, keys);
    }

    /** A length that came as data, which must not be more than there are keys. */
    public static int length(double length, int keys) {
        if (!(length >= 0 && length <= keys)) {
            throw new IndexOutOfBoundsException(
                    "length must be within the keys: length=" + (long) length + " keys=" + keys);
        }
        return (int) length;
    }

    /** How many keys a query sees among so many. */
    public static int visible(boolean causal, int query, int keys) {
        return causal ? Math.min(query + 1, keys) : keys;
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return at.inputs().isEmpty() ? List.of() : Rules.listOf((Value) null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return null;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Visibility(3, 5, true)).valuesOnly(),
                Sample.of(new Visibility(3, 5, false), Literal.ids(0, 5, 2)).valuesOnly(),
                Sample.of(new Visibility(4, 4, true), Literal.ids(4, 3)).valuesOnly());
    }
}
