package io.gradstream.autodiff.diagnose;

import java.io.Serial;

/** Gradients of an earlier step are still there when the next one begins, and would count once more. */
public final class MissingZeroException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    public MissingZeroException(String facts) {
        super(Rule.MISSING_ZERO.text() + ": " + facts);
    }
}
