package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.PlainAttention;
import io.gradstream.autodiff.op.SelfAttention;
import org.jspecify.annotations.Nullable;

/** Sums of products. */
public sealed interface Products extends Expression permits Tensor {

    /** The product of the last two axes as matrices; leading axes must be equal. */
    default Tensor matmul(Tensor other) {
        return matmul(false, other, false);
    }

    default Tensor matmul(boolean transposeThis, Tensor other, boolean transposeOther) {
        return (Tensor) tape().matmul(this, transposeThis, other, transposeOther);
    }

    /**
     * Scaled dot-product attention of these queries [batch, queries, width] to keys and values [batch, keys, width], with scores scaled by
     * 1/√width and a few rows of them in memory at a time.
     *
     * @param lengths how many keys count, I32 [batch], or null for all
     */
    default Tensor attention(Tensor keys, Tensor values, boolean causal, @Nullable Tensor lengths) {
        Attention attention = new Attention(1 / Math.sqrt(shape().dim(-1)), causal);
        return lengths == null ? apply(attention, keys, values) : apply(attention, keys, values, lengths);
    }

    /**
     * What items make of each other in several heads, of these maps [batch, length, 3·heads·width]: queries, keys and values of all heads
     * side by side.
     *
     * @param lengths how many items count, I32 [batch], or null for all
     */
    default Tensor selfAttention(int heads, boolean causal, @Nullable Tensor lengths) {
        SelfAttention attention = new SelfAttention(heads, causal);
        return lengths == null ? apply(attention) : apply(attention, lengths);
    }

    /** {@link #attention} with every score in memory, as a composition of other operations. */
    default Tensor plainAttention(Tensor keys, Tensor values, boolean causal, @Nullable Tensor lengths) {
        PlainAttention attention = new PlainAttention(1 / Math.sqrt(shape().dim(-1)), causal);
        return (Tensor) attention.of(tape(), this, keys, values, lengths);
    }

    /** this·weightᵀ + bias. */
    default Tensor linear(Tensor weight, Tensor bias) {
        return apply(new Linear(), weight, bias);
    }
}
