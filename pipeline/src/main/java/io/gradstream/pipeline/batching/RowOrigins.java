package io.gradstream.pipeline.batching;

import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.topic.JournalRecord.Poisoned;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.decoding.Decoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out where rows of a step came from, by reading its records once more: rows that have to be told apart are so rare that nothing is
 * kept for them.
 */
public final class RowOrigins {
    /** The records of the source topics. */
    public interface Log extends JournaledSteps.Log {
        /** Reading begins at these offsets. */
        void seek(Map<TopicPartition, Long> from);
    }

    /** A row and the record that it is in. */
    public record Origin(Poisoned row, PolledRecord original) {
        public TopicPartition partition() {
            return new TopicPartition(row.topic(), row.partition());
        }
    }

    /**
     * Where rows came from.
     *
     * @param others the ranges of all other rows of the step
     */
    public record Found(List<Origin> rows, List<Range> others) {
        public Found {
            rows = List.copyOf(rows);
            others = List.copyOf(others);
        }
    }

    private final Log log;

    public RowOrigins(Log log) {
        this.log = log;
    }

    /**
     * Looks for rows of a step.
     *
     * @param ranges of all its rows
     * @param places of the wanted ones among them, ascending
     */
    public Found find(List<Range> ranges, List<Integer> places) {
        Map<TopicPartition, Long> from = new HashMap<>();
        ranges.forEach(range -> from.putIfAbsent(
                new TopicPartition(range.topic(), range.partition()),
                range.from().offset()));
        log.seek(from);
        Walk walk = new Walk(places);
        ranges.forEach(walk::range);
        return new Found(walk.found, walk.others.take());
    }

    private final class Walk {
        private final List<Integer> places;
        private final List<Origin> found = new ArrayList<>();
        private final RangeRecorder others = new RangeRecorder();
        private final Map<TopicPartition, Decoded> newest = new HashMap<>();
        private int place;

        Walk(List<Integer> places) {
            this.places = places;
        }

        void range(Range range) {
            TopicPartition partition = new TopicPartition(range.topic(), range.partition());
            int row = range.from().row();
            for (long offset = range.from().offset(); offset <= range.to().offset(); offset++) {
                boolean last = offset == range.to().offset();
                if (last && range.to().row() == 0) {
                    return;
                }
                Decoded.Usable record = usable(partition, offset);
                rows(record, row, last ? range.to().row() : record.rows().rows());
                row = 0;
            }
        }

        private void rows(Decoded.Usable record, int from, int to) {
            long offset = record.original().offset();
            int next = from;
            while (found.size() < places.size() && places.get(found.size()) < place + to - next) {
                int row = next + places.get(found.size()) - place;
                keep(record, next, row);
                found.add(new Origin(
                        new Poisoned(
                                record.partition().topic(),
                                record.partition().partition(),
                                offset,
                                row,
                                place + row - next - found.size()),
                        record.original()));
                place += row + 1 - next;
                next = row + 1;
            }
            keep(record, next, to);
            place += to - next;
        }

        private void keep(Decoded.Usable record, int from, int to) {
            if (from < to) {
                long offset = record.original().offset();
                boolean endsRecord = to == record.rows().rows();
                others.add(
                        record.partition(),
                        new Position(offset, from),
                        endsRecord ? new Position(offset + 1, 0) : new Position(offset, to));
            }
        }

        private Decoded.Usable usable(TopicPartition partition, long offset) {
            Decoded last = newest.get(partition);
            if (last == null || last.original().offset() != offset) {
                last = log.record(partition, offset);
                newest.put(partition, last);
            }
            return switch (last) {
                case Decoded.Usable usable -> usable;
                case Decoded.Unusable unusable ->
                    throw new IllegalStateException(
                            "a record that was learned from must still be readable: partition=" + partition + " offset="
                                    + offset + " reason=" + unusable.why().getMessage());
            };
        }
    }
}
