package io.gradstream.connectors.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One record as it came from Kafka, independent of the fetch response it travelled in.
 *
 * @param timestamp milliseconds since the epoch
 * @param value a heap buffer whose position is 0 and whose limit is the value's size; null is a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // a key goes on to a producer as it came, which takes bytes
public record PolledRecord(
        long offset,
        long timestamp,
        byte @Nullable [] key,
        @Nullable ByteBuffer value,
        Headers headers) {

    /** The size of the value, 0 for a tombstone. */
    public int valueBytes() {
        return value == null ? 0 : value.limit();
    }
}
