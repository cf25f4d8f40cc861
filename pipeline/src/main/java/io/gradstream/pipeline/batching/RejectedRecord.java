package io.gradstream.pipeline.batching;

import io.gradstream.connectors.kafka.PolledRecord;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/**
 * A record, or one row of it, that goes to the dead-letter topic instead of into the model.
 *
 * @param reason one word
 * @param detail the whole sentence
 * @param carriesValue whether its letter has the record's value: of the letters of a large record with many bad rows only some do
 */
public record RejectedRecord(
        TopicPartition partition,
        PolledRecord original,
        OptionalInt row,
        String reason,
        String detail,
        boolean carriesValue) {
    private static final long WITHOUT_VALUE = 256;

    /** About how many bytes its letter takes. */
    public long bytes() {
        return WITHOUT_VALUE + (carriesValue ? original.valueBytes() : 0);
    }
}
