package io.gradstream.pipeline.cli;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and interrupt into a clean stop: the work is asked to end, the process waits until it has ended and let go of
 * everything, and exits with {@link ExitCode#INTERRUPTED}, or with the code of what went wrong on the way. Where no work has begun
 * there is nothing to wait for.
 */
final class Interruption implements AutoCloseable {
    private static final CompletableFuture<Integer> EXIT = new CompletableFuture<>();

    private final Thread hook = Thread.ofPlatform().name("gradstream-interrupt").unstarted(this::interrupt);
    private @Nullable BooleanSupplier stop;
    private boolean requested;

    private Interruption() {}

    /** From now until it is closed, an interrupt ends the process through this. */
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Ends the process, also one that is being interrupted. */
    static void exit(int code) {
        EXIT.complete(code);
        System.exit(code);
    }

    /** From now on an interrupt calls {@code stop} and waits for {@link #exit}. */
    void calls(Runnable stop) {
        asks(() -> {
            stop.run();
            return true;
        });
    }

    /** From now on an interrupt calls {@code stop}, and waits for {@link #exit} if that says that there is something to wait for. */
    synchronized void asks(BooleanSupplier stop) {
        this.stop = stop;
    }

    synchronized boolean requested() {
        return requested;
    }

    /** The work is over: lets go of the signals, unless one has come. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // the hook has begun and waits for the exit code
        }
    }

    private void interrupt() {
        BooleanSupplier work = request();
        int code = ExitCode.DONE;
        if (work != null && work.getAsBoolean()) {
            code = EXIT.join();
        }
        Runtime.getRuntime().halt(code == ExitCode.DONE ? ExitCode.INTERRUPTED : code);
    }

    private synchronized @Nullable BooleanSupplier request() {
        requested = true;
        return stop;
    }
}
