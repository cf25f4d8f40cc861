package io.gradstream.pipeline;

import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.pipeline.batching.RowOrigins;
import io.gradstream.pipeline.decoding.Decoded;
import io.gradstream.pipeline.decoding.Decoding;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The source topics, read once more where rows are wanted again. */
record DecodedLog(LogReader log, Decoding decoding) implements RowOrigins.Log {
    @Override
    public void seek(Map<TopicPartition, Long> from) {
        log.seek(from);
    }

    @Override
    public Decoded record(TopicPartition partition, long offset) {
        return decoding.decode(partition, log.record(partition, offset));
    }
}
