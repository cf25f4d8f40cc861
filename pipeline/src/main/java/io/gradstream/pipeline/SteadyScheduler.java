package io.gradstream.pipeline;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose clock never jumps. That of Reactor's own is the wall clock: a step would be cut early or an hour late when somebody
 * sets it.
 */
record SteadyScheduler(Scheduler threads) implements Scheduler {
    @Override
    public long now(TimeUnit unit) {
        return unit.convert(System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return threads.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return threads.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return threads.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return threads.createWorker();
    }

    @Override
    public void init() {
        threads.init();
    }

    @Override
    public boolean isDisposed() {
        return threads.isDisposed();
    }

    @Override
    public void dispose() {
        threads.dispose();
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return threads.disposeGracefully();
    }
}
