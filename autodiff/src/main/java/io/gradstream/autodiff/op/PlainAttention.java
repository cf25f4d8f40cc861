package io.gradstream.autodiff.op;

import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention as a composition, every score in memory: softmax(scale·Q·Kᵀ)·V over what {@link Visibility} allows. A query
 * that sees no key gives 0.
 */
public record PlainAttention(double scale, boolean causal) {
    /** What a score that must not count becomes: e to this is 0 beside any other, and unlike infinity it can be subtracted from itself. */
    private static final double HIDDEN = -1e30;

    /** The attention of queries [batch, queries, width] to keys and values [batch, keys, width]. */
    public Value of(Emitter e, Value q, Value k, Value v, @Nullable Value lengths) {
        return e.matmul(e.cast(probabilities(e, q, k, lengths), v.dtype()), false, v, false);
    }

    /** How much each query takes of each key: [batch, queries, keys]. */
    Value probabilities(Emitter e, Value q, Value k, @Nullable Value lengths) {
        Value scores = e.multiply(e.matmul(q, false, k, true), scale);
        if (!causal && lengths == null) {
            return e.softmax(scores);
        }
        Visibility visibility = new Visibility(q.shape().dim(1), k.shape().dim(1), causal);
        Value mask = lengths == null ? e.emit(visibility) : e.emit(visibility, lengths);
        Value visible = e.cast(mask, scores.dtype());
        Value hidden = e.constant(HIDDEN, scores.dtype());
        return e.multiply(e.softmax(e.where(visible, scores, hidden)), visible);
    }
}
