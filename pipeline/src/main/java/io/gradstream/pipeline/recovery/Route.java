package io.gradstream.pipeline.recovery;

import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.TopicIds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Whether the rows between two steps can all be read once more. */
public sealed interface Route {
    /**
     * They can.
     *
     * @param from the first record of each partition that is needed
     * @param wanted the steps to whose states the model goes back on the way
     */
    record Open(Map<TopicPartition, Long> from, Set<Long> wanted) implements Route {
        /** There is nothing on the way. */
        public static final Open NOWHERE = new Open(Map.of(), Set.of());

        public Open {
            from = Map.copyOf(from);
            wanted = Set.copyOf(wanted);
        }
    }

    /** They cannot, and why. */
    record Closed(String reason) implements Route {}

    /**
     * Looks for it.
     *
     * @param after the step behind which it begins
     * @param to the last step
     * @param journalStart an offset of the journal before which nothing belongs to the model's history
     * @param topics those there are now
     * @param kept whether the state after a step is there to go back to
     */
    static Route find(
            JournalCursor journal,
            LogReader log,
            long after,
            long to,
            long journalStart,
            TopicIds topics,
            LongPredicate kept) {
        if (after == to) {
            return Open.NOWHERE;
        }
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, Long> needed = new HashMap<>();
        Set<Long> wanted = new HashSet<>();
        Map<TopicPartition, Long> last = new HashMap<>();
        long step = after;
        journal.behind(after, journalStart);
        for (JournalRecord record = journal.next(); record != null && step < to; record = journal.next()) {
            if (record.step() != step + 1) {
                return new Closed(
                        "the journal does not have every step: missing=" + (step + 1) + " next=" + record.step());
            }
            step++;
            for (String topic : record.topics().byName().keySet()) {
                if (topics.replaced(topic, record.topics())) {
                    return new Closed("a topic was made anew since then: step=" + step + " topic=" + topic);
                }
            }
            if (record.rollback().isPresent()) {
                long back = record.rollback().getAsLong();
                if (back < after && !kept.test(back)) {
                    return new Closed("the state is gone that the model went back to: step=" + step + " to=" + back);
                }
                wanted.add(back);
            }
            Map<TopicPartition, Long> begin = new HashMap<>();
            for (JournalRecord.Range range : record.ranges()) {
                TopicPartition partition = new TopicPartition(range.topic(), range.partition());
                begin.putIfAbsent(partition, range.from().offset());
                last.merge(
                        partition,
                        range.to().row() == 0
                                ? range.to().offset() - 1
                                : range.to().offset(),
                        Math::max);
            }
            record.poisoned()
                    .forEach(row ->
                            begin.merge(new TopicPartition(row.topic(), row.partition()), row.offset(), Math::min));
            begin.forEach((partition, offset) -> needed.merge(partition, offset, Math::min));
            if (record.again().isEmpty()) {
                begin.forEach(first::putIfAbsent);
            }
        }
        if (step < to) {
            return new Closed("the journal does not have every step: missing=" + (step + 1) + " newest=" + to);
        }
        String gone = gone(log, needed, last);
        return gone == null ? new Open(first, wanted) : new Closed(gone);
    }

    private static @Nullable String gone(
            LogReader log, Map<TopicPartition, Long> first, Map<TopicPartition, Long> last) {
        try {
            Map<TopicPartition, Long> beginnings = log.beginnings(first.keySet());
            Map<TopicPartition, Long> ends = log.ends(first.keySet());
            for (Map.Entry<TopicPartition, Long> needed : first.entrySet()) {
                long beginning = beginnings.getOrDefault(needed.getKey(), Long.MAX_VALUE);
                if (beginning > needed.getValue()) {
                    return "records are no longer there: partition=" + needed.getKey() + " needed=" + needed.getValue()
                            + " first=" + beginning;
                }
                long end = ends.getOrDefault(needed.getKey(), 0L);
                if (end <= last.getOrDefault(needed.getKey(), needed.getValue())) {
                    return "records are not there, as if the topic was made anew: partition=" + needed.getKey()
                            + " needed=" + last.get(needed.getKey()) + " end=" + end;
                }
            }
            return null;
        } catch (KafkaException e) {
            return "partitions cannot be looked at: partitions=" + first.keySet() + " reason=" + e;
        }
    }
}
