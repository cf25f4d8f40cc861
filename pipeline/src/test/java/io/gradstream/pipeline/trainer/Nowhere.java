package io.gradstream.pipeline.trainer;

import io.gradstream.pipeline.batching.RowOrigins;
import io.gradstream.pipeline.decoding.Decoded;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** The log of a test whose rows come from no topic, and its past. */
final class Nowhere implements RowOrigins.Log {
    static final RowOrigins ORIGINS = new RowOrigins(new Nowhere());
    static final Past PAST = _ -> Optional.empty();

    @Override
    public void seek(Map<TopicPartition, Long> from) {
        throw new IllegalStateException("rows of this test have no records: partitions=" + from.keySet());
    }

    @Override
    public Decoded record(TopicPartition partition, long offset) {
        throw new IllegalStateException("rows of this test have no records: offset=" + offset);
    }
}
