package io.gradstream.pipeline.operation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way from whoever asks something of a trainer to its training thread, which takes requests between two steps and answers them
 * when they are done. While nobody trains, everything is refused at once.
 */
public final class Controls {
    private static final int MOST_WAITING = 64;

    /** A request for which a version was made. */
    private record Awaited(Asked asked, long step, long version) {}

    private final Queue<Asked> waiting = new ArrayDeque<>();
    private final List<Awaited> awaited = new ArrayList<>();
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

    /** This request is done when the version made for it is visible, or on disk if that was asked for. */
    public synchronized void await(Asked asked, long step, long version) {
        awaited.add(new Awaited(asked, step, version));
    }

    synchronized void visible(long step) {
        settle(Request.PUBLISH, step, each -> each.asked().done(each.step(), each.version()));
        settle(Request.ROLLBACK, step, each -> each.asked().done(each.step(), each.version()));
    }

    synchronized void kept(long step) {
        settle(Request.CHECKPOINT, step, each -> each.asked().done(each.step(), each.version()));
    }

    synchronized void notKept(long step, String reason) {
        settle(Request.CHECKPOINT, step, each -> each.asked().refuse("the checkpoint could not be written: " + reason));
    }

    private void settle(Request request, long step, Consumer<Awaited> how) {
        awaited.removeIf(each -> {
            boolean settled = each.asked().request() == request && each.step() <= step;
            if (settled) {
                how.accept(each);
            }
            return settled;
        });
    }

    /** Takes note of whether steps are taken, for the training thread. */
    public void paused(boolean value) {
        paused = value;
    }

    /** Training ends: a pause ends before it. */
    public void release() {
        paused = false;
        Runnable attendant;
        synchronized (this) {
            attendant = wake;
        }
        if (attendant != null) {
            attendant.run();
        }
    }

    /** Nothing is trained any more: whoever still waits is told so. */
    public synchronized void leave() {
        wake = null;
        paused = false;
        waiting.forEach(asked -> asked.refuse("training is over"));
        waiting.clear();
    }

    /** What was asked for and made is not going to be seen or kept any more. */
    public synchronized void end() {
        leave();
        awaited.forEach(each -> each.asked().refuse("training has failed"));
        awaited.clear();
    }
}
