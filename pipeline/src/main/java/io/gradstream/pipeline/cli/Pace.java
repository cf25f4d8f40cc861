package io.gradstream.pipeline.cli;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When each record of a replay is to be sent. Every time is counted from the start of the replay, so what is late once does not
 * delay what follows.
 */
sealed interface Pace {
    /** The nanoseconds after the start at which a record is due. */
    long due(long timestampMillis, long rowsBefore);

    /** As fast as the broker takes them. */
    record AsFastAsPossible() implements Pace {
        @Override
        public long due(long timestampMillis, long rowsBefore) {
            return 0;
        }
    }

    /** As it was, or so many times faster. */
    record Times(double factor, long firstMillis) implements Pace {
        @Override
        public long due(long timestampMillis, long rowsBefore) {
            return (long) ((timestampMillis - firstMillis) * 1e6 / factor);
        }
    }

    /** So many rows each second. */
    record RowsPerSecond(double rate) implements Pace {
        @Override
        public long due(long timestampMillis, long rowsBefore) {
            return (long) (rowsBefore * 1e9 / rate);
        }
    }

    /**
     * The pace of {@code max}, {@code 1x}, {@code 10x} …
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Pace parse(String speed, long firstMillis) {
        if (speed.equals("max")) {
            return new AsFastAsPossible();
        }
        @Nullable Double factor = null;
        if (speed.endsWith("x")) {
            try {
                factor = Double.valueOf(speed.substring(0, speed.length() - 1));
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("speed must be such as 1x, 2.5x or max: speed=" + speed, notANumber);
            }
        }
        if (factor == null || !(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("speed must be such as 1x, 2.5x or max: speed=" + speed);
        }
        return new Times(factor, firstMillis);
    }

    /** Waits until a time of a clock that never jumps. */
    static void await(long dueNanos, LongSupplier nanos) {
        for (long left = dueNanos - nanos.getAsLong(); left > 0; left = dueNanos - nanos.getAsLong()) {
            LockSupport.parkNanos(left);
        }
    }
}
