package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cotangent of the maps of {@link SelfAttention} from that of its result; probabilities are computed again, a few rows at a time. Operands:
 * the maps, the cotangent, and lengths if attention had them.
 */
public record SelfAttentionGradient(int heads, boolean causal) implements Attending {

    public SelfAttentionGradient {
        SelfAttention.requireHeads(heads);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType maps = SelfAttention.operands(this, heads, inputs, 2);
        Rules.type(
                this,
                "cotangent",
                inputs.get(1),
                maps.with(maps.shape().with(2, maps.shape().dim(2) / 3)));
        return maps.with(maps.dtype().gradient());
    }

    @Override
    public AttentionLayout layout(List<TensorType> inputs) {
        return AttentionLayout.packed(causal, heads, inputs.get(0));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Heads split = Heads.of(e, heads, at.input(0));
        Value[] changes = split.maps(cotangent);
        Value[] all = AttentionAlgebra.of(split, at, causal)
                .cotangents(split.apart(at.input(1)), changes[0], changes[1], changes[2]);
        Value maps = split.packed(all[0], all[1], all[2]);
        Value result = split.together(all[3]);
        return at.inputs().size() > 2 ? Rules.listOf(maps, result, null) : Rules.listOf(maps, result);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value ofMaps = tangents.get(0);
        Value ofCotangent = tangents.get(1);
        if (ofMaps == null && ofCotangent == null) {
            return null;
        }
        Heads split = Heads.of(e, heads, at.input(0));
        @Nullable Value[] changes = ofMaps == null ? new @Nullable Value[3] : split.maps(ofMaps);
        Value h = ofCotangent == null ? null : split.apart(ofCotangent);
        @Nullable
        Value[] parts = AttentionAlgebra.of(split, at, causal)
                .gradients(split.apart(at.input(1)), changes[0], changes[1], changes[2], h);
        Value zeros = e.zeros(split.apart(at.input(1)));
        return split.packed(orElse(parts[0], zeros), orElse(parts[1], zeros), orElse(parts[2], zeros));
    }

    private static Value orElse(@Nullable Value value, Value otherwise) {
        return value == null ? otherwise : value;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SelfAttentionGradient(2, false), Literal.wave(2, 3, 12), Literal.fraction(2, 3, 4)),
                Sample.of(
                        new SelfAttentionGradient(1, true),
                        Literal.wave(2, 3, 6),
                        Literal.fraction(2, 3, 2),
                        Literal.ids(0, 2)),
                Sample.of(
                                new SelfAttentionGradient(4, false),
                                Literal.wave(5, 30, 60),
                                Literal.fraction(5, 30, 20),
                                Literal.ids(30, 1, 0, 17, 29))
                        .valuesOnly(),
                Sample.of(new SelfAttentionGradient(1, true), Literal.wave(1, 300, 15), Literal.fraction(1, 300, 5))
                        .valuesOnly(),
                Sample.of(
                                new SelfAttentionGradient(3, false),
                                Literal.wave(2, 9, 99).with(DType.BF16),
                                Literal.fraction(2, 9, 33).with(DType.BF16))
                        .valuesOnly()
                        .within(0.02),
                Sample.of(
                                new SelfAttentionGradient(3, true),
                                Literal.wave(2, 35, 99).with(DType.F64),
                                Literal.fraction(2, 35, 33).with(DType.F64),
                                Literal.ids(35, 20))
                        .valuesOnly()
                        .within(1e-12));
    }
}
