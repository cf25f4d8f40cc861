package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Value;

/** A value that further operations can be asked of; what there is to ask for stands in the interfaces below, by kind. */
public sealed interface Expression extends Value
        permits Activations,
                Arithmetic,
                Comparisons,
                Losses,
                Lookups,
                Movements,
                Products,
                Randomness,
                Reductions,
                Rows {

    Tape tape();

    /** Any operation with this as its first operand. */
    Tensor apply(Op operation, Value... others);
}
