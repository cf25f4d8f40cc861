package io.gradstream.pipeline.operation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way from whoever asks something of a trainer to its training thread, which takes requests between two steps and answers them
 * when they are done. While nobody trains, everything is refused at once.
 */
public final class Controls {
    private static final int MOST_WAITING = 64;

    private final Queue<Asked> waiting = new ArrayDeque<>();
    private @Nullable Runnable wake;
    private volatile boolean paused;

    /** Asks; the answer comes from another thread. */
    public CompletableFuture<Answer> ask(Request request) {
        Asked asked = new Asked(request, new CompletableFuture<>());
        Runnable attendant;
        synchronized (this) {
            attendant = wake;
            if (attendant != null && waiting.size() < MOST_WAITING) {
                waiting.add(asked);
            } else {
                asked.refuse(attendant == null ? "nothing is being trained now" : "too many requests are waiting");
                return asked.answer();
            }
        }
        attendant.run();
        return asked.answer();
    }

    /** Whether no steps are taken because somebody wants it so. */
    public boolean paused() {
        return paused;
    }

    /** From now on {@code wake} is called whenever there is something to {@link #take}. */
    public synchronized void attend(Runnable wake) {
        this.wake = wake;
    }

    /** The request that has waited longest, for the training thread. */
    public synchronized @Nullable Asked take() {
        return waiting.poll();
    }

    /** Takes note of whether steps are taken, for the training thread. */
    public void paused(boolean value) {
        paused = value;
    }

    /** Nothing is trained any more: whoever still waits is told so. */
    public synchronized void leave() {
        wake = null;
        paused = false;
        for (Asked asked = waiting.poll(); asked != null; asked = waiting.poll()) {
            asked.refuse("training is over");
        }
    }
}
