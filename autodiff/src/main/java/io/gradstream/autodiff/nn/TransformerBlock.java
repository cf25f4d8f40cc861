package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.Optional;

/**
 * Attention and a feed-forward network, each around a residual connection (Vaswani et al., 2017). Parameters as in PyTorch's encoder
 * layer: {@code self_attn}, {@code linear1}, {@code linear2}, {@code norm1}, {@code norm2}.
 *
 * @param feedForward the width between the two linear layers
 * @param dropout of what each branch adds
 * @param stack how many blocks stand one behind the other: where only the branches are normalized, what they add begins the smaller the
 *     more of them there are
 */
public record TransformerBlock(
        int heads, int feedForward, Activation activation, double dropout, Order order, boolean causal, int stack) {
    private static final int BRANCHES = 2;

    /** A block that stands alone. */
    public TransformerBlock(
            int heads, int feedForward, Activation activation, double dropout, Order order, boolean causal) {
        this(heads, feedForward, activation, dropout, order, causal, 1);
    }

    public TransformerBlock {
        if (stack < 1) {
            throw new IllegalArgumentException("a stack must have blocks: stack=" + stack);
        }
    }

    /** Where the branches are normalized. */
    public enum Order {
        /** Before each branch, so that the residual path is the identity from end to end (Xiong et al., 2020). */
        PRE_NORM,
        /** Behind each residual connection, as the original has it. */
        POST_NORM
    }

    /**
     * What the items of x [rows, length, width] become.
     *
     * @param lengths I32 [rows]: how many items there are before the padding; none where every row is full
     */
    public Tensor forward(Tensor x, Optional<Tensor> lengths, Parameters parameters) {
        Parameters norm1 = parameters.in("norm1");
        Parameters norm2 = parameters.in("norm2");
        return switch (order) {
            case PRE_NORM -> {
                Tensor seen = x.add(attend(new LayerNorm().forward(x, norm1), lengths, parameters));
                yield seen.add(feed(new LayerNorm().forward(seen, norm2), parameters));
            }
            case POST_NORM -> {
                Tensor seen = new LayerNorm().forward(x.add(attend(x, lengths, parameters)), norm1);
                yield new LayerNorm().forward(seen.add(feed(seen, parameters)), norm2);
            }
        };
    }

    private Tensor attend(Tensor x, Optional<Tensor> lengths, Parameters parameters) {
        Parameters own = parameters.in("self_attn");
        return new Dropout(dropout)
                .forward(new MultiHeadAttention(heads, causal, last()).forward(x, lengths, own), own);
    }

    private Tensor feed(Tensor x, Parameters parameters) {
        Tensor hidden = activation.apply(new Linear(feedForward).forward(x, parameters.in("linear1")));
        Parameters second = parameters.in("linear2");
        return new Dropout(dropout)
                .forward(new Linear(x.shape().dim(2)).weights(last()).forward(hidden, second), second);
    }

    /** The first weights of each branch's last layer. */
    private Fans last() {
        return switch (order) {
            case PRE_NORM -> (inputs, outputs) -> Initializer.Normal.ofResidual(BRANCHES * stack);
            case POST_NORM -> Initializer.Uniform::ofLinear;
        };
    }
}
