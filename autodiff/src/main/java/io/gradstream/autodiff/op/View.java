package io.gradstream.autodiff.op;

import java.util.List;

/** The elements of one operand under another name or shape: costs nothing, no device ever sees it. */
public sealed interface View extends Op, Differentiable permits Reshape, StopGradient, CustomRule {

    /** The index of the operand whose memory this shares. */
    default int source(List<? extends Value> inputs) {
        return 0;
    }
}
