package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.tape.Tensor;

/** A replayed plan and the eager run of its tape disagree. */
public final class ShadowException extends IllegalStateException {

    ShadowException(Tensor node, int index, double replayed, double eager) {
        super("plan and eager run must agree: node=" + node.describe() + " index=" + index + " plan=" + replayed
                + " eager=" + eager);
    }
}
