package io.gradstream.connectors.kafka;

import java.time.Instant;

/** Where reading a partition begins while nobody has a better answer. */
public sealed interface StartPosition {

    /** Behind what the group committed; from the first record where it committed nothing. */
    record Committed() implements StartPosition {}

    /** The first record the broker still has. */
    record Earliest() implements StartPosition {}

    /** Behind the last record there is at the moment of the assignment. */
    record Latest() implements StartPosition {}

    /** The first record whose timestamp is not before an instant; the end where there is none. */
    record At(Instant time) implements StartPosition {}
}
