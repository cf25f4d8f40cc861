package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;

/** A derivative was asked for through an operation that has no rule for it. */
public final class NoRuleException extends IllegalStateException {

    NoRuleException(Tensor node) {
        super("operation has no derivative rule: node=" + node.describe());
    }
}
