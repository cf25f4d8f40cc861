package io.gradstream.autodiff.op;

import org.jspecify.annotations.Nullable;

/**
 * The derivatives of attention up to the second, in operations. With S = scale·Q·Kᵀ, P = softmax S and O = P·V; (a, b, c) are the tangents of
 * (Q, K, V) and g is the cotangent of O; half precisions are multiplied as such.
 */
final class AttentionAlgebra {
    private final Emitter e;
    private final double scale;
    private final Value q;
    private final Value k;
    private final Value v;
    private final Value p;

    private AttentionAlgebra(
            Emitter e, double scale, boolean causal, Value q, Value k, Value v, @Nullable Value lengths) {
        this.e = e;
        this.scale = scale;
        this.q = q;
        this.k = k;
        this.v = v;
        p = new PlainAttention(scale, causal).probabilities(e, q, k, lengths);
    }

    /** Of {@link Attention} or its gradient. */
    static AttentionAlgebra of(Emitter e, double scale, boolean causal, Application at) {
        return new AttentionAlgebra(e, scale, causal, at.input(0), at.input(1), at.input(2), lengths(at));
    }

    /** Of {@link SelfAttention} or its gradient, every head a batch entry. */
    static AttentionAlgebra of(Heads split, Application at, boolean causal) {
        Value[] maps = split.maps(at.input(0));
        double scale = 1 / Math.sqrt(split.width());
        return new AttentionAlgebra(split.e(), scale, causal, maps[0], maps[1], maps[2], split.lengths(lengths(at)));
    }

    /** The lengths among the operands of attention or of its gradient, which is where integers are. */
    static @Nullable Value lengths(Application at) {
        Value last = at.inputs().getLast();
        return last.dtype().isFloating() ? null : last;
    }

    /** Ȯ = Ṗ·V + P·c. */
    @Nullable
    Value output(@Nullable Value a, @Nullable Value b, @Nullable Value c) {
        Value probability = probability(a, b);
        return Rules.sum(
                e,
                probability == null ? null : product(probability, false, v, false),
                c == null ? null : product(p, false, c, false));
    }

    /** Ṗ = P∘(Ṡ - Σ P∘Ṡ) with Ṡ = scale·(a·Kᵀ + Q·bᵀ). */
    private @Nullable Value probability(@Nullable Value a, @Nullable Value b) {
        Value score = score(a, b);
        return score == null ? null : centered(score);
    }

    private @Nullable Value score(@Nullable Value a, @Nullable Value b) {
        Value sum = Rules.sum(
                e, a == null ? null : product(a, false, k, true), b == null ? null : product(q, false, b, true));
        return sum == null ? null : e.multiply(sum, scale);
    }

    /** How (Q̄, K̄, V̄) change with the operands and the cotangent h̄ of g. */
    @Nullable
    Value[] gradients(Value g, @Nullable Value a, @Nullable Value b, @Nullable Value c, @Nullable Value h) {
        Value pBar = product(g, false, v, true);
        Value sBar = centered(pBar);
        Value probability = probability(a, b);
        Value pBarChange = Rules.sum(
                e, c == null ? null : product(g, false, c, true), h == null ? null : product(h, false, v, true));
        Value sBarChange = Rules.sum(
                e,
                probability == null
                        ? null
                        : e.subtract(
                                e.multiply(probability, e.subtract(pBar, row(p, pBar))),
                                e.multiply(p, row(probability, pBar))),
                pBarChange == null ? null : centered(pBarChange));
        return new @Nullable Value[] {
            scaled(Rules.sum(e, times(sBarChange, false, k), b == null ? null : product(sBar, false, b, false))),
            scaled(Rules.sum(e, times(sBarChange, true, q), a == null ? null : product(sBar, true, a, false))),
            Rules.sum(e, times(probability, true, g), h == null ? null : product(p, true, h, false))
        };
    }

    /** The cotangents of Q, K, V and g from those (a, b, c) of Q̄, K̄, V̄: the gradient of ⟨g, Ȯ(a, b, c)⟩. */
    Value[] cotangents(Value g, Value a, Value b, Value c) {
        Value score = e.multiply(e.add(product(a, false, k, true), product(q, false, b, true)), scale);
        Value probability = centered(score);
        Value w = product(g, false, v, true);
        Value z = centered(w);
        Value pBar = e.subtract(
                e.add(product(g, false, c, true), e.multiply(w, e.subtract(score, row(p, score)))),
                e.multiply(score, row(p, w)));
        Value sBar = centered(pBar);
        return new Value[] {
            e.multiply(e.add(product(sBar, false, k, false), product(z, false, b, false)), scale),
            e.multiply(e.add(product(sBar, true, q, false), product(z, true, a, false)), scale),
            product(probability, true, g, false),
            e.add(product(probability, false, v, false), product(p, false, c, false))
        };
    }

    /** P∘(x - Σ P∘x): the softmax's symmetric Jacobian times x. */
    private Value centered(Value x) {
        return e.multiply(p, e.subtract(x, row(p, x)));
    }

    private Value row(Value x, Value y) {
        return e.sumKeeping(e.multiply(x, y), -1);
    }

    private @Nullable Value times(@Nullable Value left, boolean transposed, Value right) {
        return left == null ? null : product(left, transposed, right, false);
    }

    private @Nullable Value scaled(@Nullable Value x) {
        return x == null ? null : e.multiply(x, scale);
    }

    private Value product(Value left, boolean transposeLeft, Value right, boolean transposeRight) {
        return e.matmul(e.cast(left, q.dtype()), transposeLeft, e.cast(right, q.dtype()), transposeRight);
    }
}
