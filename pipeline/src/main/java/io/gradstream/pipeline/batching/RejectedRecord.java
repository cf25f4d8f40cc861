package io.gradstream.pipeline.batching;

import io.gradstream.connectors.kafka.PolledRecord;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/**
 * A record, or one row of it, that goes to the dead-letter topic instead of into the model.
 *
 * @param reason one word
 * @param detail the whole sentence
 */
public record RejectedRecord(
        TopicPartition partition, PolledRecord original, OptionalInt row, String reason, String detail) {}
