package io.gradstream.pipeline.batching;

import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Position;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Writes down which rows a step is made of, in the order in which they came, joining neighbours. */
final class RangeRecorder {
    private final List<Range> ranges = new ArrayList<>();

    void add(TopicPartition partition, Position from, Position to) {
        if (!ranges.isEmpty()) {
            Range last = ranges.getLast();
            if (last.topic().equals(partition.topic())
                    && last.partition() == partition.partition()
                    && last.to().equals(from)) {
                ranges.set(ranges.size() - 1, new Range(last.topic(), last.partition(), last.from(), to));
                return;
            }
        }
        ranges.add(new Range(partition.topic(), partition.partition(), from, to));
    }

    List<Range> take() {
        List<Range> taken = List.copyOf(ranges);
        ranges.clear();
        return taken;
    }
}
