package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.Contraction;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A tape in mixed precision: a copy in which every matrix product has its F32 operands cast to a half precision; all else,
 * also sums, losses and the master weights, stays F32. Gradients of the copy cast what enters their products in the same way.
 */
public final class MixedPrecision {

    private final Tape tape = Tape.recording();
    private final DType half;
    private final Map<Tensor, Tensor> images = new HashMap<>();

    private MixedPrecision(DType half) {
        if (!half.isHalf()) {
            throw new IllegalArgumentException("mixed precision needs a half precision: dtype=" + half);
        }
        this.half = half;
    }

    /** The copy of a tape under a half precision. */
    public static MixedPrecision of(Tape source, DType half) {
        MixedPrecision copy = new MixedPrecision(half);
        source.nodes().forEach(copy::add);
        return copy;
    }

    public Tape tape() {
        return tape;
    }

    /** The copy of a node of the original tape. */
    public Tensor image(Tensor original) {
        return Objects.requireNonNull(images.get(original), "a node of the original tape is needed");
    }

    private void add(Tensor node) {
        images.put(node, tape.onBehalfOf(node, () -> copy(node)));
    }

    private Tensor copy(Tensor node) {
        if (node.op() instanceof Leaf leaf) {
            Literal content = node.content();
            return tape.leaf(leaf, content);
        }
        List<Tensor> inputs = node.inputs().stream().map(this::image).toList();
        Value[] operands = inputs.toArray(Value[]::new);
        if (node.op() instanceof Contraction product && node.inputs().get(0).dtype() == DType.F32) {
            for (int i = 0; i < factors(product); i++) {
                operands[i] = tape.cast(operands[i], half);
            }
        }
        return node.isTracked() ? tape.emit(node.op(), operands) : tape.untracked(() -> tape.emit(node.op(), operands));
    }

    /** How many of the first operands are multiplied; a bias is added in F32. */
    private static int factors(Contraction product) {
        return switch (product) {
            case Matmul ignored -> 2;
            case Linear ignored -> 2;
            case Attention ignored -> 3;
            case AttentionGradient ignored -> 4;
            case SelfAttention ignored -> 1;
            case SelfAttentionGradient ignored -> 2;
        };
    }
}
