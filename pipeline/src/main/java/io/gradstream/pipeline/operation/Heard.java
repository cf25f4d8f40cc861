package io.gradstream.pipeline.operation;

import io.gradstream.connectors.topic.MetricRecord;

/** What a listener to the records hears. */
public sealed interface Heard {

    /** A record, in the order in which they were made. */
    record Told(MetricRecord value) implements Heard {}

    /** So many records were made here that the listener was too slow for. */
    record Missed(long records) implements Heard {}
}
