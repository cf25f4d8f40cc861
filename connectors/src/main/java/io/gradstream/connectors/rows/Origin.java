package io.gradstream.connectors.rows;

import java.util.Objects;

/** Where a record came from: the place in the log that names it for good. */
public record Origin(String topic, int partition, long offset) {
    public Origin {
        Objects.requireNonNull(topic, "topic");
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "partition and offset must not be negative: partition=" + partition + " offset=" + offset);
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
