package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
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
        int rows = x.shape().dim(0);
        int length = x.shape().dim(1);
        int width = x.shape().dim(2);
        if (width % heads != 0) {
            throw new IllegalArgumentException("heads must share the width evenly: width=" + width + " heads=" + heads);
        }
        Tensor maps = new Linear(3 * width)
                .weights(Initializer.Uniform::xavier)
                .forward(x, parameters.in("in_proj"))
                .reshape(rows, length, 3, heads, width / heads)
                .transpose(2, 0, 3, 1, 4)
                .reshape(3, rows * heads, length, width / heads);
        Tensor seen = part(maps, 0)
                .attention(
                        part(maps, 1),
                        part(maps, 2),
                        causal,
                        lengths.map(this::perHead).orElse(null))
                .reshape(rows, heads, length, width / heads)
                .transpose(0, 2, 1, 3)
                .reshape(rows, length, width);
        return new Linear(width).weights(last).forward(seen, parameters.in("out_proj"));
    }

    private static Tensor part(Tensor maps, int index) {
        Shape shape = maps.shape();
        return maps.slice(0, index, index + 1).reshape(shape.dim(1), shape.dim(2), shape.dim(3));
    }

    private Tensor perHead(Tensor lengths) {
        int rows = lengths.shape().dim(0);
        return lengths.reshape(rows, 1).broadcast(Shape.of(rows, heads)).reshape(rows * heads);
    }
}
