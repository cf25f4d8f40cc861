package io.gradstream.pipeline.publish;

import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.batching.RejectedRecord;
import io.gradstream.pipeline.checkpoint.TrainerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * One version of the model with everything that happened since the one before: what becomes visible together or not at all.
 *
 * @param version that of the newest version on the topic if all rows are known to it already
 * @param positions the next row to read of every partition that was ever read
 * @param topics which topics these are
 * @param rejected the records that could not be used
 * @param acknowledgements what to call when it is visible
 * @param checkpoint the trainer's whole state, if it is to be kept on disk when the version is visible
 */
public record Publication(
        long version,
        long step,
        long rows,
        Instant time,
        List<NamedTensor> weights,
        Map<TopicPartition, Position> positions,
        TopicIds topics,
        List<MetricRecord> metrics,
        List<JournalRecord> journal,
        List<RejectedRecord> rejected,
        List<Runnable> acknowledgements,
        Optional<TrainerState> checkpoint) {
    /** Something that everybody is to know at once, though there is no version to go with it. */
    public static Publication notice(long version, long step, long rows, MetricRecord told) {
        return new Publication(
                version,
                step,
                rows,
                told.time(),
                List.of(),
                Map.of(),
                TopicIds.NONE,
                List.of(told),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** Whether it is no version. */
    public boolean isNotice() {
        return weights.isEmpty();
    }

    public Publication {
        weights = List.copyOf(weights);
        positions = Map.copyOf(positions);
        metrics = List.copyOf(metrics);
        journal = List.copyOf(journal);
        rejected = List.copyOf(rejected);
        acknowledgements = List.copyOf(acknowledgements);
    }
}
