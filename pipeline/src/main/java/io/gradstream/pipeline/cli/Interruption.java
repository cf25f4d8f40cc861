package io.gradstream.pipeline.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns SIGTERM and interrupt into a clean stop: the work is asked to end, the process waits until it has, and exits with
 * {@link ExitCode#INTERRUPTED}.
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Thread hook;

    private Interruption(Runnable stop) {
        hook = Thread.ofPlatform().name("gradstream-interrupt").unstarted(() -> {
            requested.set(true);
            stop.run();
            awaitFinished();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        });
    }

    /** From now until it is closed, an interrupt calls {@code stop}. */
    static Interruption callsStop(Runnable stop) {
        Interruption interruption = new Interruption(stop);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    boolean requested() {
        return requested.get();
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

    private void awaitFinished() {
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
