package io.gradstream.load.openloop;

import java.time.Duration;

/** When messages are due: one after the other at a fixed rate, decided before the first is sent. */
record Schedule(double messagesPerSecond, Duration length) {
    Schedule {
        if (!(messagesPerSecond > 0)) {
            throw new IllegalArgumentException("rate must be positive: messagesPerSecond=" + messagesPerSecond);
        }
        if (length.isNegative() || length.isZero()) {
            throw new IllegalArgumentException("duration must be positive: duration=" + length);
        }
    }

    long messages() {
        return Math.max(1, Math.round(messagesPerSecond * length.toNanos() / 1e9));
    }

    /** Nanoseconds after the start at which a message is due. */
    long due(long message) {
        return Math.round(message / messagesPerSecond * 1e9);
    }
}
