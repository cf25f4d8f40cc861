package io.gradstream.pipeline;

/** A trainer was asked to end before it had begun. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException() {
        super("a trainer must not be asked to end before it begins");
    }
}
