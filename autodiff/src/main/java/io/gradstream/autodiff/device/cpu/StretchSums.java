package io.gradstream.autodiff.device.cpu;

/** A sum for every stretch of a part, found by one thread, and then added to those of the segments in order. */
final class StretchSums {
    private final Stretch[] stretches;
    private final double[] values;

    StretchSums(Stretch[] stretches) {
        this.stretches = stretches;
        values = new double[stretches.length];
    }

    void set(int stretch, double value) {
        values[stretch] = value;
    }

    void addTo(double[] segments) {
        for (int i = 0; i < values.length; i++) {
            segments[stretches[i].segment()] += values[i];
        }
    }
}
