package io.gradstream.load.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A measurement of contestants by turns.
 *
 * <p>Machines are noisy and change speed while one looks: contestants therefore run in alternation, in slots of equal
 * length, and each is judged by the median of its slots. What one slot disturbs it disturbs for one contestant once.
 */
record Race(Duration warmUp, Duration slot, int rounds) {
    private static final int MOST_WARM_UPS = 15;
    private static final double SETTLED = 0.95;

    /** Long enough for a median that repeats within a few per cent, short enough to wait for. */
    static Race ofUsualLength() {
        return new Race(Duration.ofSeconds(1), Duration.ofMillis(100), 15);
    }

    /** The median time of a step in nanoseconds, by contestant. */
    SequencedMap<String, Double> run(List<Contestant> contestants) {
        int[] steps = new int[contestants.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = stepsPerSlot(contestants.get(i));
        }
        double[][] times = new double[contestants.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < steps.length; i++) {
                times[i][round] = nanosPerStep(contestants.get(i), steps[i]);
            }
        }
        SequencedMap<String, Double> medians = new LinkedHashMap<>();
        for (int i = 0; i < steps.length; i++) {
            medians.put(contestants.get(i).name(), median(times[i]));
        }
        return medians;
    }

    /** Warms up until twice in a row nothing became faster: on a busy machine the compiler takes its time. */
    private int stepsPerSlot(Contestant contestant) {
        double best = warmUp(contestant);
        int settled = 0;
        for (int i = 1; i < MOST_WARM_UPS && settled < 2; i++) {
            double now = warmUp(contestant);
            settled = now > SETTLED * best ? settled + 1 : 0;
            best = Math.min(best, now);
        }
        return (int) Math.max(1, slot.toNanos() / best);
    }

    private double warmUp(Contestant contestant) {
        long end = System.nanoTime() + warmUp.toNanos();
        List<Double> times = new ArrayList<>();
        do {
            times.add(nanosPerStep(contestant, 1));
        } while (System.nanoTime() < end);
        return median(times.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double nanosPerStep(Contestant contestant, int steps) {
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            contestant.step();
        }
        return (System.nanoTime() - start) / (double) steps;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
