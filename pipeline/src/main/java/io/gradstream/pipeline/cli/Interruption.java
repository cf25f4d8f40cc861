package io.gradstream.pipeline.cli;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and interrupt into a clean stop: the work is asked to end, the process waits until it has ended and let go of
 * everything, and exits with {@link ExitCode#INTERRUPTED}. Where no work has begun there is nothing to wait for. Opened before
 * what the work needs, so that it is closed last.
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("gradstream-interrupt").unstarted(this::interrupt);
    private @Nullable Runnable stop;
    private boolean requested;

    private Interruption() {}

    /** From now until it is closed, an interrupt ends the process through this. */
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** From now on an interrupt calls {@code stop} and waits for {@link #close}. */
    synchronized void calls(Runnable stop) {
        this.stop = stop;
    }

    synchronized boolean requested() {
        return requested;
    }

    /** The work is over: says so to an interrupt that waits for it, or lets go of the signals. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            finished.countDown();
        }
    }

    private void interrupt() {
        Runnable work = request();
        if (work != null) {
            work.run();
            awaitFinished();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    private synchronized @Nullable Runnable request() {
        requested = true;
        return stop;
    }

    private void awaitFinished() {
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
