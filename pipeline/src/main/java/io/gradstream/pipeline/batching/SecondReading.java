package io.gradstream.pipeline.batching;

import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.NamedTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes steps of rows once more while others are read for the first time: it has an encoder of its own, which knows what it is told to
 * know and forgets what it learns on the way. Not for use by several threads at once.
 */
public final class SecondReading {
    private final RowOrigins.Log log;
    private final JournaledSteps steps;
    private final Consumer<List<NamedTensor>> knowing;

    /**
     * @param ring has room for one step
     * @param knowing tells the encoder what features have learned from the stream
     */
    public SecondReading(
            MicroBatchRing ring, RowEncoder encoder, Consumer<List<NamedTensor>> knowing, RowOrigins.Log log) {
        this.log = log;
        this.steps = new JournaledSteps(ring, encoder, log);
        this.knowing = knowing;
    }

    /**
     * The rows of a step.
     *
     * @param features what the features know
     */
    public StepBatch read(JournalRecord step, List<NamedTensor> features) {
        knowing.accept(features);
        Map<TopicPartition, Long> from = new HashMap<>();
        step.ranges()
                .forEach(range -> from.merge(
                        new TopicPartition(range.topic(), range.partition()),
                        range.from().offset(),
                        Math::min));
        step.poisoned()
                .forEach(row -> from.merge(new TopicPartition(row.topic(), row.partition()), row.offset(), Math::min));
        log.seek(from);
        return steps.read(step);
    }
}
