package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.Optional;

/**
 * Items of a sequence that look at each other: softmax(Q·Kᵀ/√d)·V in several heads side by side (Vaswani et al., "Attention Is All You
 * Need", 2017). Parameters as in PyTorch: {@code in_proj} [3·width, width], the maps to Q, K and V one above the other, and {@code out_proj}.
 *
 * @param causal whether an item sees only itself and those before it
 * @param last where the first weights of {@code out_proj} come from
 */
public record MultiHeadAttention(int heads, boolean causal, Fans last) {
    /** Attention that begins as PyTorch's. */
    public MultiHeadAttention(int heads, boolean causal) {
        this(heads, causal, Initializer.Uniform::ofLinear);
    }

    /**
     * What the items of x [rows, length, width] become.
     *
     * @param lengths I32 [rows]: how many items there are before the padding, which nobody sees; none where every row is full
     */
    public Tensor forward(Tensor x, Optional<Tensor> lengths, Parameters parameters) {
        int width = x.shape().dim(2);
        if (width % heads != 0) {
            throw new IllegalArgumentException("heads must share the width evenly: width=" + width + " heads=" + heads);
        }
        Tensor maps = new Linear(3 * width).weights(Initializer.Uniform::xavier).forward(x, parameters.in("in_proj"));
        Tensor seen = maps.selfAttention(heads, causal, lengths.orElse(null));
        return new Linear(width).weights(last).forward(seen, parameters.in("out_proj"));
    }
}
