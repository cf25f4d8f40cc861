package io.gradstream.pipeline.guard;

import java.util.Optional;

/** Looks for a change in the mean of numbers that come one after the other. A function of the numbers alone. */
sealed interface DriftDetector permits Adwin, PageHinkley {
    /**
     * A change of the mean.
     *
     * @param width how many numbers the new mean is of
     */
    record Drift(double before, double after, long width) {}

    String name();

    /** Takes a number and says whether the mean has changed. */
    Optional<Drift> add(double value);

    /** Everything it remembers. */
    double[] state();

    void restore(double... state);
}
