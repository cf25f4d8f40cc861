package io.gradstream.connectors.kafka;

import java.time.Duration;

/** Who tells the broker how far a group has read. */
public sealed interface Commits {

    /** The source itself, from acknowledgements, at this interval and whenever a partition is taken away. */
    record BySource(Duration every) implements Commits {
        public BySource {
            if (every.isNegative() || every.isZero()) {
                throw new IllegalArgumentException("commit interval must be positive: every=" + every);
            }
        }
    }

    /** The caller, inside its own transaction; the source commits nothing. */
    record ByCaller() implements Commits {}
}
