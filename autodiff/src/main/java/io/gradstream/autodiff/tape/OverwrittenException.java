package io.gradstream.autodiff.tape;

/** A value is wanted (often by a derivative rule) that an in-place operation has overwritten since it was computed. */
public final class OverwrittenException extends IllegalStateException {

    OverwrittenException(Tensor wanted, Tensor overwriter) {
        super("value was overwritten in place: value=" + wanted.describe() + " overwritten by="
                + overwriter.describe());
    }
}
