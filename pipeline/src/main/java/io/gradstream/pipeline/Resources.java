package io.gradstream.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Everything a pipeline has to let go of at its end, in the reverse order of its making. Threads end before what they work on. */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Deque<Scheduler> threads = new ArrayDeque<>();

    <R extends AutoCloseable> R own(R resource) {
        owned.push(resource);
        return resource;
    }

    Scheduler thread(String name) {
        return own(Schedulers.newSingle("gradstream-" + name));
    }

    Scheduler threads(String name, int count) {
        return own(Schedulers.newParallel("gradstream-" + name, count));
    }

    private Scheduler own(Scheduler scheduler) {
        Scheduler steady = new SteadyScheduler(scheduler);
        threads.push(steady);
        return steady;
    }

    /** Closes what there is because of a failure, which is what the caller will hear of. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException more) {
            failure.addSuppressed(more);
        }
    }

    @Override
    public void close() {
        for (Scheduler scheduler : threads) {
            scheduler.disposeGracefully().block();
        }
        threads.clear();
        RuntimeException failure = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("not everything could be closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
