package io.gradstream.load.openloop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies from the moment something was due, recorded by any thread. */
final class Latencies {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final int DIGITS = 3;

    private final String name;
    private final Histogram micros = new ConcurrentHistogram(DIGITS);

    Latencies(String name) {
        this.name = name;
        micros.setAutoResize(true);
    }

    void record(long nanos) {
        micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    long count() {
        return micros.getTotalCount();
    }

    /** Microseconds within which this share of the events was served. */
    long percentile(double percentile) {
        return micros.getValueAtPercentile(percentile);
    }

    String describe() {
        if (count() == 0) {
            return name + ": none";
        }
        StringBuilder text = new StringBuilder(name).append(':');
        for (double percentile : PERCENTILES) {
            text.append(String.format(Locale.ROOT, "  %s %.2f ms", label(percentile), percentile(percentile) / 1e3));
        }
        return text.toString();
    }

    void write(ObjectNode to) {
        ObjectNode latency = to.putObject(name);
        latency.put("count", count());
        for (double percentile : PERCENTILES) {
            latency.put(label(percentile) + "_micros", percentile(percentile));
        }
    }

    private static String label(double percentile) {
        return percentile == 100
                ? "max"
                : "p" + (percentile % 1 == 0 ? Integer.toString((int) percentile) : percentile);
    }
}
