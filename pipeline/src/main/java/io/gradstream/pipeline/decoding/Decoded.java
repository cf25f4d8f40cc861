package io.gradstream.pipeline.decoding;

import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.UndecodableException;
import org.apache.kafka.common.TopicPartition;

/** What became of one Kafka record: rows, or the reason why it has none. */
public sealed interface Decoded {
    TopicPartition partition();

    /** The record as it came, for the dead-letter topic. */
    PolledRecord original();

    /** A record whose wanted columns can be read. */
    record Usable(TopicPartition partition, PolledRecord original, DecodedRecord rows) implements Decoded {}

    /** A record of no use. */
    record Unusable(TopicPartition partition, PolledRecord original, UndecodableException why) implements Decoded {}
}
