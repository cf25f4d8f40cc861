package io.gradstream.pipeline.batching;

import io.gradstream.pipeline.decoding.Decoded;
import io.gradstream.pipeline.decoding.DecodedRecords;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * The stage that turns decoded records into whole steps.
 *
 * <p>A step is filled only while one is asked for, so downstream demand bounds how many micro-batches are in flight. The stage
 * decides everything that makes a step: when it is full, when its age makes it a partial one, and when a stop condition ends the
 * stream inside a record. All of it happens on one worker of the given scheduler, whose clock is the only clock.
 *
 * <p>At a stop or interrupt the stage completes without cancelling upstream: the source stays a member of its group, unasked, until
 * the last version is published with its offsets. Whoever made the source ends it.
 */
public final class Batching implements Function<Flux<DecodedRecords>, Flux<StepBatch>> {
    private static final int PREFETCH = 2;

    private final Supplier<StepAssembler> assemblers;
    private final @Nullable Duration flush;
    private final @Nullable Duration idle;
    private final LongPredicate drained;
    private final Mono<?> interrupt;
    private final Scheduler scheduler;

    /**
     * @param flush the longest wait for a full step, or null if a partial one is taken only at a stop
     * @param idle how long nothing may come before the stream ends, or null for any time
     * @param drained whether nothing is on its way, told from how many polls have arrived: time counts as idle only then
     * @param interrupt ends the stream early when it completes
     */
    public Batching(
            Supplier<StepAssembler> assemblers,
            @Nullable Duration flush,
            @Nullable Duration idle,
            LongPredicate drained,
            Mono<?> interrupt,
            Scheduler scheduler) {
        this.assemblers = assemblers;
        this.flush = flush;
        this.idle = idle;
        this.drained = drained;
        this.interrupt = interrupt;
        this.scheduler = scheduler;
    }

    @Override
    public Flux<StepBatch> apply(Flux<DecodedRecords> decoded) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super StepBatch> actual) {
                Stage stage = new Stage(actual);
                decoded.subscribe(stage);
                stage.listenForInterrupt();
            }
        };
    }

    /** Why no more rows are read. */
    private enum End {
        NOT_YET,
        STOP,
        INTERRUPT
    }

    private final class Stage implements CoreSubscriber<DecodedRecords>, Subscription {
        private final CoreSubscriber<? super StepBatch> actual;
        private final StepAssembler assembler = assemblers.get();
        private final Scheduler.Worker worker = scheduler.createWorker();
        private final Queue<DecodedRecords> arrived = new ConcurrentLinkedQueue<>();
        private final AtomicInteger signals = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicLong arrivals = new AtomicLong();
        private volatile @Nullable Subscription upstream;
        private volatile boolean upstreamDone;
        private volatile @Nullable Throwable upstreamError;
        private volatile boolean interrupted;
        private volatile boolean cancelled;
        private @Nullable Disposable interruptListener;

        // Everything below is touched by the worker only.
        private final ArrayDeque<Decoded> records = new ArrayDeque<>();
        private @Nullable Runnable acknowledge;
        private End end = End.NOT_YET;
        private boolean terminated;
        private long openedAt;
        private long lastInputAt;
        private long alarmAt = Long.MAX_VALUE;
        private @Nullable Disposable alarm;

        Stage(CoreSubscriber<? super StepBatch> actual) {
            this.actual = actual;
        }

        void listenForInterrupt() {
            interruptListener = interrupt.subscribe(ignored -> {}, ignored -> {}, () -> {
                interrupted = true;
                signal();
            });
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                lastInputAt = now();
                actual.onSubscribe(this);
                subscription.request(PREFETCH);
                signal();
            }
        }

        @Override
        public void onNext(DecodedRecords decoded) {
            arrived.add(decoded);
            arrivals.incrementAndGet();
            signal();
        }

        @Override
        public void onError(Throwable error) {
            upstreamError = error;
            upstreamDone = true;
            signal();
        }

        @Override
        public void onComplete() {
            upstreamDone = true;
            signal();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.accumulateAndGet(n, Operators::addCap);
                signal();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            cancelUpstream();
            signal();
        }

        private void signal() {
            if (signals.getAndIncrement() == 0) {
                try {
                    worker.schedule(this::drain);
                } catch (RuntimeException rejected) {
                    // The worker is gone because the stage has ended; there is nobody left to tell.
                    if (!worker.isDisposed()) {
                        throw rejected;
                    }
                }
            }
        }

        private void drain() {
            int handled = signals.get();
            while (handled != 0) {
                try {
                    advance();
                } catch (Throwable failure) {
                    cancelUpstream();
                    terminate(failure);
                }
                handled = signals.addAndGet(-handled);
            }
        }

        private void advance() {
            while (!terminated) {
                if (cancelled) {
                    terminate(null);
                    return;
                }
                Throwable error = upstreamError;
                if (error != null && arrived.isEmpty() && records.isEmpty() && !assembler.hasInput()) {
                    terminate(error);
                    return;
                }
                boolean wanted = requested.get() > 0;
                boolean opens = assembler.empty();
                boolean done = upstreamDone; // read before the queue: what arrived before the end is not missed
                if (end != End.NOT_YET) {
                    finish(wanted);
                    return;
                }
                if (interrupted) {
                    endWith(End.INTERRUPT);
                } else if (assembler.stopReached()) {
                    endWith(End.STOP);
                } else if (!wanted) {
                    return;
                } else if (assembler.full()) {
                    emit();
                } else if (assembler.hasInput() || takeRecord()) {
                    if (opens) {
                        openedAt = now();
                    }
                    fill();
                } else if (done) {
                    endWith(End.STOP);
                } else if (isOver(flush, openedAt) && !assembler.empty()) {
                    emit();
                } else if (isOver(idle, lastInputAt)) {
                    if (drained.test(arrivals.get()) && arrived.isEmpty()) {
                        endWith(End.STOP);
                    } else {
                        lastInputAt = now();
                    }
                } else {
                    setAlarm();
                    return;
                }
            }
        }

        private void fill() {
            assembler.fill();
            lastInputAt = now();
        }

        private boolean takeRecord() {
            while (records.isEmpty()) {
                acknowledgeLater();
                DecodedRecords batch = arrived.poll();
                if (batch == null) {
                    return false;
                }
                Subscription subscription = upstream;
                if (subscription != null) {
                    subscription.request(1);
                }
                records.addAll(batch.records());
                acknowledge = batch.acknowledge();
            }
            assembler.accept(records.remove());
            return true;
        }

        /** All records of a poll are in: whoever publishes the step that has the last of them tells the source. */
        private void acknowledgeLater() {
            Runnable all = acknowledge;
            if (all != null) {
                assembler.acknowledgeLater(all);
                acknowledge = null;
            }
        }

        private void endWith(End reason) {
            end = reason;
            arrived.clear();
            records.clear();
        }

        /** What is left of an unfinished step is trained at a stop; at an interrupt only if partial steps are allowed at all. */
        private void finish(boolean wanted) {
            boolean leftover = !assembler.empty() && (end == End.STOP || assembler.full() || flush != null);
            if (leftover && !wanted) {
                return;
            }
            if (leftover) {
                emit();
            }
            terminate(null);
        }

        private void emit() {
            StepBatch step = assembler.cut();
            requested.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
            actual.onNext(step);
        }

        private void terminate(@Nullable Throwable error) {
            if (terminated) {
                return;
            }
            terminated = true;
            arrived.clear();
            records.clear();
            assembler.abandon();
            if (interruptListener != null) {
                interruptListener.dispose();
            }
            if (alarm != null) {
                alarm.dispose();
            }
            if (!cancelled) {
                if (error != null) {
                    actual.onError(error);
                } else {
                    actual.onComplete();
                }
            }
            worker.dispose();
        }

        private void cancelUpstream() {
            Subscription subscription = upstream;
            if (subscription != null && !upstreamDone) {
                subscription.cancel();
            }
        }

        private boolean isOver(@Nullable Duration limit, long since) {
            return limit != null && now() - since >= limit.toMillis();
        }

        private void setAlarm() {
            long due = Long.MAX_VALUE;
            if (flush != null && !assembler.empty()) {
                due = openedAt + flush.toMillis();
            }
            if (idle != null) {
                due = Math.min(due, lastInputAt + idle.toMillis());
            }
            if (due == Long.MAX_VALUE || (due == alarmAt && due > now())) {
                return;
            }
            if (alarm != null) {
                alarm.dispose();
            }
            alarmAt = due;
            alarm = worker.schedule(this::signal, Math.max(1, due - now()), TimeUnit.MILLISECONDS);
        }

        private long now() {
            return scheduler.now(TimeUnit.MILLISECONDS);
        }
    }
}
