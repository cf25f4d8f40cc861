package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber's demand, and the poll thread that serves it. Other threads change only the demand and two flags, and wake
 * the poll thread; all signals to the subscriber come from the poll thread.
 */
final class SourceSubscription implements Subscription, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceSubscription.class);

    private final SourceSpec spec;
    private final SourceCounters counters;
    private final Consumer<TopicPartition> assigned;
    private final Thread thread;
    private final AtomicLong demand = new AtomicLong();
    private volatile @Nullable CoreSubscriber<? super PolledRecords> subscriber;
    private volatile boolean cancelled;
    private volatile @Nullable IllegalArgumentException misuse;
    private volatile SourceView view = SourceView.NONE;

    SourceSubscription(
            SourceSpec spec,
            SourceCounters counters,
            Consumer<TopicPartition> assigned,
            CoreSubscriber<? super PolledRecords> subscriber) {
        this.spec = spec;
        this.counters = counters;
        this.assigned = assigned;
        this.subscriber = subscriber;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("kafka-source-" + spec.group())
                .unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            demand.accumulateAndGet(n, Operators::addCap);
        } else {
            misuse = new IllegalArgumentException("demand must be positive (rule 3.9): n=" + n);
        }
        LockSupport.unpark(thread);
    }

    @Override
    public void cancel() {
        cancelled = true;
        subscriber = null;
        LockSupport.unpark(thread);
    }

    /** Waits until the poll thread has left its group; it must have been cancelled. */
    void awaitEnd(Duration longest) {
        try {
            if (thread.isAlive() && !thread.join(longest)) {
                LOG.warn("the poll thread has not ended: group={} waited={}", spec.group(), longest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    SourceView view() {
        return view;
    }

    void publish(SourceView value) {
        view = value;
    }

    @Override
    public void run() {
        Throwable fault = null;
        try {
            serve();
        } catch (Throwable e) {
            fault = e;
        } finally {
            view = SourceView.NONE;
        }
        if (fault == null) {
            return;
        }
        Throwable reason = SourceFaults.explain(fault, spec);
        CoreSubscriber<? super PolledRecords> listening = subscriber;
        subscriber = null;
        if (listening == null) {
            LOG.debug("a fault after the subscriber left: group={}", spec.group(), reason);
        } else {
            listening.onError(reason);
        }
    }

    private void serve() {
        if (cancelled) {
            return;
        }
        try (GroupMember member = new GroupMember(spec, counters, assigned, this)) {
            member.join();
            while (!cancelled) {
                handOn(member);
                IllegalArgumentException refused = misuse;
                if (refused != null) {
                    throw refused;
                }
                member.advance();
            }
        }
    }

    private void handOn(GroupMember member) {
        CoreSubscriber<? super PolledRecords> listening = subscriber;
        if (listening == null) {
            return;
        }
        long asked = demand.get();
        long given = 0;
        while (!cancelled && misuse == null && given < asked) {
            PolledRecords next = member.next();
            if (next == null) {
                break;
            }
            listening.onNext(next);
            given++;
            if (given == asked) {
                asked = demand.get();
            }
        }
        long handedOn = given;
        demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - handedOn);
    }
}
