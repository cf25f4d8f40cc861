package io.gradstream.pipeline.cli;

/** What the process says when it ends. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int BAD_USAGE = 2;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
