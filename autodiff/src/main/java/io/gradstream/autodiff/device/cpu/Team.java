package io.gradstream.autodiff.device.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a device: whoever runs a call of several parts takes them one after the other, and helpers take some of them meanwhile. A
 * part does the same whoever takes it, so that results do not depend on how many threads there are. Helpers start when first needed, and
 * sleep when there is nothing to do.
 */
final class Team implements AutoCloseable {
    private static final int SPINS = 1_000;

    private final Thread[] helpers;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger unclaimed = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile PreparedCall[] parts = {};
    private volatile @Nullable Thread asking;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;
    private boolean started;

    /**
     * Makes a team.
     *
     * @param threads how many there are with the one that asks for help
     * @param enter what a helper does before all else
     */
    Team(int threads, Runnable enter) {
        if (threads < 1) {
            throw new IllegalArgumentException("a device must have a thread: threads=" + threads);
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = Thread.ofPlatform()
                    .name("gradstream-cpu-" + (i + 1))
                    .daemon()
                    .unstarted(() -> help(enter));
        }
    }

    /** Nobody but who asks. */
    static Team alone() {
        return new Team(1, () -> {});
    }

    int threads() {
        return helpers.length + 1;
    }

    /** A call that runs parts which touch nothing of one another, in any order. */
    PreparedCall prepare(List<PreparedCall> calls) {
        PreparedCalls inOrder = new PreparedCalls(calls);
        return helpers.length == 0 ? inOrder : new Shared(inOrder, calls.toArray(PreparedCall[]::new));
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }

    private final class Shared implements PreparedCall {
        private final PreparedCalls inOrder;
        private final PreparedCall[] calls;

        Shared(PreparedCalls inOrder, PreparedCall[] calls) {
            this.inOrder = inOrder;
            this.calls = calls;
        }

        @Override
        public void run() {
            if (closed || !taken.compareAndSet(false, true)) { // the helpers are gone, or another program has them
                inOrder.run();
                return;
            }
            try {
                share(calls);
            } finally {
                taken.set(false);
            }
        }

        @Override
        public void close() {
            inOrder.close();
        }
    }

    private void share(PreparedCall[] calls) {
        start();
        asking = Thread.currentThread();
        parts = calls;
        unfinished.set(calls.length);
        unclaimed.set(calls.length);
        wake();
        work();
        for (int spin = 0; unfinished.get() > 0; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            throw new IllegalStateException("a part of a call failed", thrown);
        }
    }

    private void start() {
        if (!started) {
            started = true;
            for (Thread helper : helpers) {
                helper.start();
            }
        }
    }

    private void wake() {
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private void help(Runnable enter) {
        enter.run();
        int spin = 0;
        while (!closed) {
            if (work()) {
                spin = 0;
            } else if (spin++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Runs parts until none is left to claim, and tells whether there was one. */
    private boolean work() {
        boolean any = false;
        for (int left = unclaimed.get(); left > 0; left = unclaimed.get()) {
            if (unclaimed.compareAndSet(left, left - 1)) {
                any = true;
                run(parts[left - 1]);
            }
        }
        return any;
    }

    private void run(PreparedCall part) {
        try {
            part.run();
        } catch (Throwable e) {
            failure = e;
        }
        if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(asking);
        }
    }
}
