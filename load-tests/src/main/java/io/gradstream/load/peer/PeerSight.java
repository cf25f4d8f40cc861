package io.gradstream.load.peer;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What items of a sequence see of each other, in the masks of PyTorch's attention.
 *
 * @param items how many items every row has before the padding, which nobody sees
 * @param causal whether an item sees only itself and those before it
 */
public record PeerSight(int items, boolean causal) {
    /** Every item of a row sees every other. */
    public static PeerSight all(int length) {
        return new PeerSight(length, false);
    }

    /** True [rows, length] for padding of x [rows, length, width]; no tensor where there is none. */
    Tensor hiddenKeys(Tensor x) {
        long length = x.size(1);
        return items == length
                ? new Tensor()
                : torch.arange(new Scalar(length)).ge(new Scalar(items)).expand(x.size(0), length);
    }

    /** Minus infinity [length, length] where an item does not see another, else zero; no tensor where all do. */
    Tensor hiddenPairs(Tensor x) {
        long length = x.size(1);
        return causal
                ? torch.full(new long[] {length, length}, new Scalar(Double.NEGATIVE_INFINITY), x.options())
                        .triu(1)
                : new Tensor();
    }
}
