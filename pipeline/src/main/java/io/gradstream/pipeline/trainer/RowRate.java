package io.gradstream.pipeline.trainer;

/** Rows per second, over the last whole second or what there is of it. */
final class RowRate {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private long startNanos;
    private long rows;
    private double last = Double.NaN;

    RowRate(long nowNanos) {
        startNanos = nowNanos;
    }

    double add(int count, long nowNanos) {
        rows += count;
        long elapsed = nowNanos - startNanos;
        double current = elapsed <= 0 ? 0 : rows * 1e9 / elapsed;
        if (elapsed >= WINDOW_NANOS) {
            last = current;
            rows = 0;
            startNanos = nowNanos;
        }
        return Double.isNaN(last) ? current : last;
    }
}
