package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** Attention or its gradient, in one of its forms: all say where their rows are, and lengths are the last operand where they have them. */
public sealed interface Attending extends Contraction
        permits Attention, AttentionGradient, SelfAttention, SelfAttentionGradient {

    AttentionLayout layout(List<TensorType> inputs);
}
