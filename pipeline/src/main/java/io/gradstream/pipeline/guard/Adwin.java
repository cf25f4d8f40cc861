package io.gradstream.pipeline.guard;

import io.gradstream.config.DriftSettings;
import java.util.Arrays;
import java.util.Optional;

/**
 * Adaptive windowing (Bifet, Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007): the longest window of which no
 * two parts have means that differ by more than chance.
 *
 * <p>The window is an exponential histogram: level i has buckets of 2^i numbers each, of which sum and squared distance are known. When a
 * level has one more than {@link #BUCKETS}, its two oldest become one of the next level, so that a window of W numbers takes
 * O(log W) memory. Every so many numbers it is cut between any two buckets; with n₀ and n₁ numbers, variance σ² and δ' = ln(2·ln(W)/δ)
 * the means of the parts may differ by
 *
 * <pre>
 * ε = √(2·m·σ²·δ') + ⅔·m·δ'        m = 1/(n₀ − minimum + 1) + 1/(n₁ − minimum + 1)
 * </pre>
 *
 * and while some cut's differ by more, the oldest bucket is dropped.
 */
final class Adwin implements DriftDetector {
    /** How many buckets of a size there may be. */
    private static final int BUCKETS = 5;

    /** Windows that are not longer are not looked at. */
    private static final int GRACE = 10;

    private static final int LEVELS = 48;
    private static final int HEADER = 4;

    private final double delta;
    private final int every;
    private final int minimum;
    private final int[] counts = new int[LEVELS];
    private final double[][] sums = new double[LEVELS][BUCKETS + 1];
    private final double[][] squares = new double[LEVELS][BUCKETS + 1];
    private long added;
    private long width;
    private double sum;
    private double square;

    Adwin(DriftSettings.Adwin settings) {
        delta = settings.delta();
        every = settings.every();
        minimum = settings.minimum();
    }

    @Override
    public String name() {
        return "adwin";
    }

    long width() {
        return width;
    }

    @Override
    public Optional<Drift> add(double value) {
        insert(value);
        added++;
        if (added % every != 0 || width <= GRACE) {
            return Optional.empty();
        }
        double before = sum / width;
        boolean cut = false;
        while (width > GRACE && differs()) {
            dropOldest();
            cut = true;
        }
        return cut ? Optional.of(new Drift(before, sum / width, width)) : Optional.empty();
    }

    private void insert(double value) {
        if (width > 0) {
            double distance = value - sum / width;
            square += width * distance * distance / (width + 1);
        }
        width++;
        sum += value;
        push(0, value, 0);
        for (int level = 0; counts[level] > BUCKETS; level++) {
            double size = size(level);
            double distance = sums[level][0] / size - sums[level][1] / size;
            push(
                    level + 1,
                    sums[level][0] + sums[level][1],
                    squares[level][0] + squares[level][1] + size * distance * distance / 2);
            drop(level, 2);
        }
    }

    /** Whether the means of the parts of some cut differ by more than chance, the oldest part first. */
    private boolean differs() {
        double older = 0;
        double ofOlder = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            for (int bucket = 0; bucket < counts[level]; bucket++) {
                older += size(level);
                ofOlder += sums[level][bucket];
                double newer = width - older;
                if (older >= minimum && newer >= minimum && differs(older, ofOlder, newer, sum - ofOlder)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean differs(double older, double ofOlder, double newer, double ofNewer) {
        double doubt = StrictMath.log(2 * StrictMath.log((double) width) / delta);
        double m = 1 / (older - minimum + 1) + 1 / (newer - minimum + 1);
        double bound = Math.sqrt(2 * m * square / width * doubt) + 2.0 / 3 * doubt * m;
        return Math.abs(ofOlder / older - ofNewer / newer) > bound;
    }

    private void dropOldest() {
        int level = LEVELS - 1;
        while (counts[level] == 0) {
            level--;
        }
        double size = size(level);
        double mean = sums[level][0] / size;
        width -= (long) size;
        sum -= sums[level][0];
        double distance = mean - sum / width;
        square = Math.max(0, square - squares[level][0] - size * width * distance * distance / (size + width));
        drop(level, 1);
    }

    private static double size(int level) {
        return 1L << level;
    }

    private void push(int level, double ofBucket, double squareOfBucket) {
        sums[level][counts[level]] = ofBucket;
        squares[level][counts[level]] = squareOfBucket;
        counts[level]++;
    }

    private void drop(int level, int buckets) {
        int left = counts[level] - buckets;
        System.arraycopy(sums[level], buckets, sums[level], 0, left);
        System.arraycopy(squares[level], buckets, squares[level], 0, left);
        counts[level] = left;
    }

    @Override
    public double[] state() {
        int levels = LEVELS;
        while (levels > 0 && counts[levels - 1] == 0) {
            levels--;
        }
        double[] state = new double[HEADER + levels * (2 * BUCKETS + 1)];
        state[0] = added;
        state[1] = width;
        state[2] = sum;
        state[3] = square;
        int at = HEADER;
        for (int level = 0; level < levels; level++) {
            state[at] = counts[level];
            System.arraycopy(sums[level], 0, state, at + 1, counts[level]);
            System.arraycopy(squares[level], 0, state, at + 1 + BUCKETS, counts[level]);
            at += 2 * BUCKETS + 1;
        }
        return state;
    }

    @Override
    public void restore(double... state) {
        Arrays.fill(counts, 0);
        added = (long) state[0];
        width = (long) state[1];
        sum = state[2];
        square = state[3];
        int level = 0;
        for (int at = HEADER; at < state.length; at += 2 * BUCKETS + 1) {
            counts[level] = (int) state[at];
            System.arraycopy(state, at + 1, sums[level], 0, counts[level]);
            System.arraycopy(state, at + 1 + BUCKETS, squares[level], 0, counts[level]);
            level++;
        }
    }
}
