package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention softmax(scale·Q·Kᵀ)·V in memory that grows with the number of keys, not with its square: scores exist a few
 * rows at a time, and backward computes them again (Dao et al., "FlashAttention", 2022). Operands: Q[batch, queries, width],
 * K[batch, keys, width], V[batch, keys, width], and I32 lengths[batch] if not every key counts. Derivatives of the derivative are compositions.
 *
 * @param scale what scores are multiplied by, usually 1/√width
 * @param causal whether a query sees only keys up to its own place
 */
public record Attention(double scale, boolean causal) implements Attending {

    public Attention {
        requireScale(scale);
    }

    static void requireScale(double scale) {
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("scale must be positive and finite: scale=" + scale);
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType q = operands(this, inputs, 3);
        return q.with(q.dtype().gradient());
    }

    /** Checks queries, keys, values and lengths, of which the last may be absent, and gives the type of the queries. */
    static TensorType operands(Op op, List<TensorType> inputs, int arity) {
        Rules.require(
                inputs.size() == arity || inputs.size() == arity + 1,
                op,
                "takes " + arity + " operands and perhaps lengths",
                "operands=" + inputs);
        TensorType q = inputs.get(0);
        TensorType k = inputs.get(1);
        Rules.rank(op, q, 3);
        Rules.require(
                q.dtype().isFloating()
                        && k.equals(q.with(q.shape()
                                .with(1, k.shape().rank() == 3 ? k.shape().dim(1) : 1))),
                op,
                "needs queries and keys that differ only in number",
                "queries=" + q + " keys=" + k);
        Rules.type(op, "values", inputs.get(2), k);
        if (inputs.size() > arity) {
            Rules.type(
                    op,
                    "lengths",
                    inputs.get(arity),
                    TensorType.of(DType.I32, q.shape().dim(0)));
        }
        return q;
    }

    @Override
    public AttentionLayout layout(List<TensorType> inputs) {
        return AttentionLayout.apart(scale, causal, inputs.get(0), inputs.get(1));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value q = at.input(0);
        Value k = at.input(1);
        Value g = e.cast(cotangent, q.dtype());
        Value lengths = AttentionAlgebra.lengths(at);
        AttentionGradient gradient = new AttentionGradient(scale, causal);
        Value all = lengths == null
                ? e.emit(gradient, q, k, at.input(2), g)
                : e.emit(gradient, q, k, at.input(2), g, lengths);
        int queries = q.shape().dim(1);
        int keys = k.shape().dim(1);
        List<@Nullable Value> cotangents = Rules.listOf(
                e.emit(new Slice(1, 0, queries), all),
                e.emit(new Slice(1, queries, queries + keys), all),
                e.emit(new Slice(1, queries + keys, queries + 2 * keys), all));
        if (lengths != null) {
            cotangents.add(null);
        }
        return cotangents;
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return AttentionAlgebra.of(e, scale, causal, at).output(tangents.get(0), tangents.get(1), tangents.get(2));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(
                        new Attention(0.5, false),
                        Literal.wave(2, 3, 4),
                        Literal.ripple(2, 5, 4),
                        Literal.positive(2, 5, 4)),
                Sample.of(
                        new Attention(0.5, true),
                        Literal.wave(2, 3, 4),
                        Literal.ripple(2, 3, 4),
                        Literal.positive(2, 3, 4)),
                Sample.of(
                        new Attention(0.5, true),
                        Literal.wave(3, 3, 4),
                        Literal.ripple(3, 3, 4),
                        Literal.positive(3, 3, 4),
                        Literal.ids(2, 0, 3)),
                Sample.of(
                                new Attention(0.2, true),
                                Literal.wave(1, 300, 5),
                                Literal.ripple(1, 300, 5),
                                Literal.positive(1, 300, 5))
                        .valuesOnly(),
                Sample.of(
                                new Attention(0.3, false),
                                Literal.wave(1, 70, 17),
                                Literal.ripple(1, 530, 17),
                                Literal.positive(1, 530, 17))
                        .valuesOnly(),
                Sample.of(
                                new Attention(0.3, false),
                                Literal.wave(2, 7, 33).with(DType.BF16),
                                Literal.ripple(2, 9, 33).with(DType.BF16),
                                Literal.positive(2, 9, 33).with(DType.BF16))
                        .valuesOnly()
                        .within(0.02),
                Sample.of(
                                new Attention(0.3, true),
                                Literal.wave(2, 9, 33).with(DType.F16),
                                Literal.ripple(2, 9, 33).with(DType.F16),
                                Literal.positive(2, 9, 33).with(DType.F16))
                        .valuesOnly()
                        .within(0.004),
                Sample.of(
                                new Attention(0.2, true),
                                Literal.wave(3, 33, 40),
                                Literal.ripple(3, 65, 40),
                                Literal.positive(3, 65, 40),
                                Literal.ids(0, 1, 65))
                        .valuesOnly(),
                Sample.of(
                                new Attention(0.1, false),
                                Literal.wave(2, 65, 72),
                                Literal.ripple(2, 33, 72),
                                Literal.positive(2, 33, 72),
                                Literal.ids(33, 32))
                        .valuesOnly(),
                Sample.of(
                                new Attention(0.05, true),
                                Literal.wave(1, 70, 200),
                                Literal.ripple(1, 70, 200),
                                Literal.positive(1, 70, 200))
                        .valuesOnly(),
                Sample.of(
                                new Attention(0.4, false),
                                Literal.wave(2, 33, 5).with(DType.F64),
                                Literal.ripple(2, 65, 5).with(DType.F64),
                                Literal.positive(2, 65, 5).with(DType.F64),
                                Literal.ids(65, 40))
                        .valuesOnly()
                        .within(1e-12),
                Sample.of(
                                new Attention(0.1, true),
                                Literal.wave(1, 65, 72).with(DType.F64),
                                Literal.ripple(1, 65, 72).with(DType.F64),
                                Literal.positive(1, 65, 72).with(DType.F64))
                        .valuesOnly()
                        .within(1e-12));
    }
}
