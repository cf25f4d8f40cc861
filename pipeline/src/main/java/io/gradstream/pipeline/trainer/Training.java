package io.gradstream.pipeline.trainer;

import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.operation.Asked;
import io.gradstream.pipeline.operation.Controls;
import io.gradstream.pipeline.publish.Publication;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * The stage that turns steps' rows into versions, all of it on one thread; at the end of the rows comes the last version.
 *
 * <p>Between two steps it does what it is asked to, and it publishes what is due by time though no step comes. While it is paused it
 * takes no steps, unless those are the last; what is before it then waits, without demand.
 */
public final class Training implements Function<Flux<StepBatch>, Flux<Publication>> {
    /** Steps asked for at a time: one that is learned from, two that are filled meanwhile. */
    public static final int STEPS_IN_FLIGHT = 3;

    private final Trainer trainer;
    private final Controls controls;
    private final Scheduler scheduler;
    private final Queue<StepBatch> arrived = new ConcurrentLinkedQueue<>();
    private final Timer stepTime;

    public Training(Trainer trainer, Controls controls, MeterRegistry meters, Scheduler scheduler) {
        this.trainer = trainer;
        this.controls = controls;
        this.scheduler = scheduler;
        this.stepTime = Timer.builder("gradstream.training.step")
                .description("the learning from one step's rows")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        Gauge.builder("gradstream.training.queue", arrived, Queue::size)
                .description("steps that wait to be learned from")
                .register(meters);
    }

    @Override
    public Flux<Publication> apply(Flux<StepBatch> steps) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Publication> actual) {
                steps.subscribe(new Stage(actual));
            }
        };
    }

    private final class Stage implements CoreSubscriber<StepBatch>, Subscription {
        private final CoreSubscriber<? super Publication> actual;
        private final Scheduler.Worker worker = scheduler.createWorker();
        private final AtomicInteger signals = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();
        private volatile @Nullable Subscription upstream;
        private volatile boolean upstreamDone;
        private volatile @Nullable Throwable upstreamError;
        private volatile boolean cancelled;

        // Everything below is touched by the worker only.
        private boolean terminated;
        private @Nullable Disposable alarm;

        Stage(CoreSubscriber<? super Publication> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
                controls.attend(this::signal);
                subscription.request(STEPS_IN_FLIGHT - 1);
            }
        }

        @Override
        public void onNext(StepBatch step) {
            arrived.add(step);
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
            Subscription subscription = upstream;
            if (subscription != null) {
                subscription.cancel();
            }
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
                    Subscription subscription = upstream;
                    if (subscription != null) {
                        subscription.cancel();
                    }
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
                boolean done = upstreamDone; // read before the queue: what arrived before the end is not missed
                boolean failed = upstreamError != null;
                boolean over = done && arrived.isEmpty() && (failed || !trainer.hasUndone());
                if (over && (failed || trainer.finished())) {
                    terminate(upstreamError);
                    return;
                }
                if (requested.get() == 0) {
                    return;
                }
                Asked asked = controls.take();
                if (asked != null) {
                    answer(asked);
                } else if (trainer.hasUndone() && (done || !controls.paused())) {
                    trainer.learnAgain().ifPresent(this::emit);
                } else if (!arrived.isEmpty() && (done || !controls.paused())) {
                    train();
                } else if (over) {
                    trainer.finish().ifPresent(this::emit);
                } else {
                    OptionalLong due = trainer.dueIn();
                    if (due.isEmpty() || due.getAsLong() > 0) {
                        setAlarm(due);
                        return;
                    }
                    trainer.publishDue().ifPresent(this::emit);
                }
            }
        }

        private void answer(Asked asked) {
            switch (asked.request()) {
                case PAUSE -> turn(asked, true, "training is paused already");
                case RESUME -> turn(asked, false, "training is not paused");
                case PUBLISH -> publish(asked, false);
                case CHECKPOINT -> publish(asked, true);
                case ROLLBACK -> rollBack(asked);
            }
        }

        private void turn(Asked asked, boolean paused, String already) {
            if (controls.paused() == paused) {
                asked.refuse(already);
            } else {
                controls.paused(paused);
                asked.done(trainer.steps(), trainer.version());
            }
        }

        private void publish(Asked asked, boolean checkpoint) {
            Optional<Publication> publication = trainer.publishNow(checkpoint);
            if (publication.isPresent()) {
                controls.await(asked, trainer.steps(), trainer.version());
                emit(publication.get());
            } else {
                asked.done(trainer.steps(), trainer.version());
            }
        }

        private void rollBack(Asked asked) {
            Optional<Publication> earlier = trainer.rollBack("somebody asked for it");
            if (earlier.isPresent()) {
                controls.await(asked, trainer.steps(), trainer.version());
                emit(earlier.get());
            } else {
                asked.refuse("there is no earlier checkpoint at which the model was healthy");
            }
        }

        private void train() {
            StepBatch step = arrived.remove();
            Subscription subscription = upstream;
            if (subscription != null && !upstreamDone) {
                subscription.request(1);
            }
            long begin = System.nanoTime();
            Optional<Publication> publication = trainer.train(step);
            stepTime.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            publication.ifPresent(this::emit);
        }

        private void emit(Publication publication) {
            requested.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
            actual.onNext(publication);
        }

        private void setAlarm(OptionalLong due) {
            if (alarm != null) {
                alarm.dispose();
                alarm = null;
            }
            if (due.isPresent()) {
                alarm = worker.schedule(this::signal, due.getAsLong(), TimeUnit.NANOSECONDS);
            }
        }

        private void terminate(@Nullable Throwable error) {
            if (terminated) {
                return;
            }
            terminated = true;
            controls.leave();
            arrived.forEach(StepBatch::release);
            arrived.clear();
            if (!cancelled) {
                if (error != null) {
                    actual.onError(error);
                } else {
                    actual.onComplete();
                }
            }
            worker.dispose();
        }
    }
}
