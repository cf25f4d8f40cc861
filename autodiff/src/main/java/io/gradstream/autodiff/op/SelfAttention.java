package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Attention} of items to each other in several heads, with the scale 1/√width. Operands: the maps [batch, length, 3·heads·width],
 * queries, keys and values of all heads side by side, and I32 lengths[batch] if not every item counts. The result [batch, length,
 * heads·width] has the heads side by side too, so that nothing is moved about before and behind it.
 */
public record SelfAttention(int heads, boolean causal) implements Attending {

    public SelfAttention {
        requireHeads(heads);
    }

    static void requireHeads(int heads) {
        if (heads < 1) {
            throw new IllegalArgumentException("attention must have heads: heads=" + heads);
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType maps = operands(this, heads, inputs, 1);
        return maps.with(maps.shape().with(2, maps.shape().dim(2) / 3))
                .with(maps.dtype().gradient());
    }

    /** Checks maps and lengths, of which the last may be absent, and gives the type of the maps. */
    static TensorType operands(Op op, int heads, List<TensorType> inputs, int arity) {
        Rules.require(
                inputs.size() == arity || inputs.size() == arity + 1,
                op,
                "takes " + arity + " operands and perhaps lengths",
                "operands=" + inputs);
        TensorType maps = inputs.get(0);
        Rules.rank(op, maps, 3);
        Rules.require(
                maps.dtype().isFloating() && maps.shape().dim(2) % (3 * heads) == 0,
                op,
                "needs three maps that the heads share evenly",
                "maps=" + maps);
        if (inputs.size() > arity) {
            Rules.type(
                    op,
                    "lengths",
                    inputs.get(arity),
                    TensorType.of(DType.I32, maps.shape().dim(0)));
        }
        return maps;
    }

    @Override
    public AttentionLayout layout(List<TensorType> inputs) {
        return AttentionLayout.packed(causal, heads, inputs.get(0));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value maps = at.input(0);
        Value g = e.cast(cotangent, maps.dtype());
        Value lengths = AttentionAlgebra.lengths(at);
        SelfAttentionGradient gradient = new SelfAttentionGradient(heads, causal);
        return lengths == null
                ? Rules.listOf(e.emit(gradient, maps, g))
                : Rules.listOf(e.emit(gradient, maps, g, lengths), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        if (tangent == null) {
            return null;
        }
        Heads split = Heads.of(e, heads, at.input(0));
        Value[] changes = split.maps(tangent);
        Value change = AttentionAlgebra.of(split, at, causal).output(changes[0], changes[1], changes[2]);
        return change == null ? null : split.together(change);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SelfAttention(2, false), Literal.wave(2, 3, 12)),
                Sample.of(new SelfAttention(1, true), Literal.wave(2, 4, 6)),
                Sample.of(new SelfAttention(2, true), Literal.wave(3, 3, 12), Literal.ids(2, 0, 3)),
                Sample.of(new SelfAttention(4, false), Literal.wave(5, 30, 60), Literal.ids(30, 1, 0, 17, 29))
                        .valuesOnly(),
                Sample.of(new SelfAttention(1, true), Literal.wave(1, 300, 15)).valuesOnly(),
                Sample.of(new SelfAttention(3, false), Literal.wave(2, 9, 99).with(DType.BF16))
                        .valuesOnly()
                        .within(0.02),
                Sample.of(new SelfAttention(3, true), Literal.wave(2, 35, 99).with(DType.F64), Literal.ids(35, 20))
                        .valuesOnly()
                        .within(1e-12));
    }
}
