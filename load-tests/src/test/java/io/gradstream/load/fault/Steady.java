package io.gradstream.load.fault;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** A producer that never stops of its own accord: one message after the other to the partitions of a topic in turn. */
final class Steady implements AutoCloseable {
    static final int ROWS = 10;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private volatile int sent;

    /** @param pauseMillis between two messages */
    Steady(Input input, String topic, int partitions, long pauseMillis) {
        thread = Thread.ofPlatform().name("steady").start(() -> {
            SplittableRandom random = new SplittableRandom(1);
            while (!stopped.get()) {
                input.send(topic, sent % partitions, Encoding.USUAL.message(Purchase.random(random, ROWS), ROWS));
                sent = sent + 1;
                pause(pauseMillis);
            }
            input.flush();
        });
    }

    /** Ends it and says how many messages it was that came to be on the topic. */
    int stop() throws InterruptedException {
        stopped.set(true);
        thread.join();
        return sent;
    }

    int sent() {
        return sent;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
