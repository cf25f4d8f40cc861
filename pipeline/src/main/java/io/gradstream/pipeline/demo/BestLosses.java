package io.gradstream.pipeline.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The losses that nobody can beat, of rows that are sent but not learned from yet, in their order. Holds back who sends when that
 * is too far ahead.
 */
final class BestLosses {
    private final int capacity;
    private final Deque<double[]> ahead = new ArrayDeque<>();
    private int firstUsed;
    private int rows;

    BestLosses(int capacity) {
        this.capacity = capacity;
    }

    synchronized void put(double[] losses) throws InterruptedException {
        while (rows > 0 && rows + losses.length > capacity) {
            wait();
        }
        ahead.add(losses);
        rows += losses.length;
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
