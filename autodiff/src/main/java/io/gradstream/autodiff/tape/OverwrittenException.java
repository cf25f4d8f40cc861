package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Op;

/** A value is wanted (often by a derivative rule) that an in-place operation has overwritten since it was computed. */
public final class OverwrittenException extends IllegalStateException {

    OverwrittenException(Tensor wanted, Tensor overwriter, Op reader, Site site) {
        super("value was overwritten in place: value=" + wanted.describe() + " overwritten by=" + overwriter.describe()
                + " wanted by=" + reader.name() + " (" + site + ")");
    }
}
