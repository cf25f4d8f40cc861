package io.gradstream.pipeline.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The losses that nobody can beat, of rows that are sent but not learned from yet, in their order. Holds back who sends when that
 * is too far ahead.
 */
final class BestLosses {
    private final int capacity;
    private final Deque<double[]> ahead = new ArrayDeque<>();
    private int firstUsed;
    private int rows;
    private boolean ended;

    BestLosses(int capacity) {
        this.capacity = capacity;
    }

    /** Waits for room; false if nobody will make any. */
    synchronized boolean put(double[] losses) throws InterruptedException {
        while (!ended && rows > 0 && rows + losses.length > capacity) {
            wait();
        }
        ahead.add(losses);
        rows += losses.length;
        return !ended;
    }

    /** Nothing is taken any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits until then, or until nothing is taken any more. */
    synchronized void awaitEnd(long untilNanos) throws InterruptedException {
        for (long left = untilNanos - System.nanoTime(); left > 0 && !ended; left = untilNanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The sum over the next rows. */
    synchronized double take(int count) {
        if (count > rows) {
            throw new IllegalStateException(
                    "rows are sent before they are learned from: count=" + count + " sent=" + rows);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double[] first = ahead.element();
            sum += first[firstUsed++];
            if (firstUsed == first.length) {
                ahead.remove();
                firstUsed = 0;
            }
        }
        rows -= count;
        notifyAll();
        return sum;
    }
}
