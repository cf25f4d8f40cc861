package io.gradstream.pipeline.operation;

/** What became of a {@link Request}. */
public sealed interface Answer {

    /** It is done: paused, resumed, or a version is visible and, if it was asked for, on disk. */
    record Done(long step, long version) implements Answer {}

    /** It makes no sense now, and nothing has changed. */
    record Refused(String reason) implements Answer {}
}
