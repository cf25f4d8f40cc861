package io.gradstream.pipeline.trainer;

import io.gradstream.pipeline.batching.RowOrigins;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.decoding.Decoded;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The log of a test whose rows come from no topic, and its past. */
final class Nowhere implements RowOrigins.Log {
    static final RowOrigins ORIGINS = new RowOrigins(new Nowhere());

    static Checkpoints past() {
        return new Checkpoints(Path.of("nowhere"), 1);
    }

    static UndoneSteps undone() {
        return new UndoneSteps(new StepHistory((_, _) -> List.of(), 1), (step, _) -> {
            throw new IllegalStateException("rows of this test have no records: step=" + step.step());
        });
    }

    @Override
    public void seek(Map<TopicPartition, Long> from) {
        throw new IllegalStateException("rows of this test have no records: partitions=" + from.keySet());
    }

    @Override
    public Decoded record(TopicPartition partition, long offset) {
        throw new IllegalStateException("rows of this test have no records: offset=" + offset);
    }
}
