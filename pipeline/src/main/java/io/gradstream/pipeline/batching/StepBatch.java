package io.gradstream.pipeline.batching;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The rows of one optimizer step and everything else that happened in the log on the way to them.
 *
 * @param microBatches none if only records that cannot be used have come
 * @param ranges which rows these are, in the order in which they are learned from
 * @param positions the next row to read of each partition that moved
 * @param acknowledgements what to call when the step is published for good
 * @param giveBack returns the micro-batches to where they came from
 */
public record StepBatch(
        List<MicroBatch> microBatches,
        List<Range> ranges,
        Map<TopicPartition, Position> positions,
        List<RejectedRecord> rejected,
        List<NamedTensor> features,
        List<Runnable> acknowledgements,
        Runnable giveBack) {
    public StepBatch {
        microBatches = List.copyOf(microBatches);
        ranges = List.copyOf(ranges);
        positions = Map.copyOf(positions);
        rejected = List.copyOf(rejected);
        acknowledgements = List.copyOf(acknowledgements);
    }

    public int rows() {
        return microBatches.stream().mapToInt(MicroBatch::rows).sum();
    }

    /** The trainer is done with the rows. */
    public void release() {
        giveBack.run();
    }
}
