package io.gradstream.connectors.topic;

import org.jspecify.annotations.Nullable;

/**
 * A key and a value for a weights topic.
 *
 * @param value null where the record only says that the key is no more
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a producer: nobody compares them
public record WeightRecord(byte[] key, byte @Nullable [] value) {}
