package io.gradstream.pipeline.batching;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.Poisoned;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.decoding.Decoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps once more, of exactly the rows that the journal says they were made of, in the same order and in the same micro-batches.
 * Not for use by several threads at once.
 */
public final class JournaledSteps {
    /** The records of the source topics. */
    @FunctionalInterface
    public interface Log {
        /** The record at an offset; offsets of a partition never fall. */
        Decoded record(TopicPartition partition, long offset);
    }

    private final MicroBatchRing ring;
    private final RowEncoder encoder;
    private final Log log;
    /** Of each partition the record that was read last: steps share records. */
    private final Map<TopicPartition, Decoded> newest = new HashMap<>();

    public JournaledSteps(MicroBatchRing ring, RowEncoder encoder, Log log) {
        this.ring = ring;
        this.encoder = encoder;
        this.log = log;
    }

    /** The rows of a step. */
    public StepBatch read(JournalRecord step) {
        Filling filling = new Filling(step);
        try {
            for (Range range : step.ranges()) {
                filling.learn(range);
            }
            return filling.end();
        } catch (RuntimeException failure) {
            filling.abandon();
            throw failure;
        }
    }

    private final class Filling {
        private final JournalRecord step;
        private final Iterator<Poisoned> poisoned;
        private final List<MicroBatch> microBatches = new ArrayList<>();
        private final Map<TopicPartition, Position> positions = new HashMap<>();
        private @Nullable Poisoned nextPoisoned;
        private @Nullable MicroBatch open;
        private int learned;

        Filling(JournalRecord step) {
            this.step = step;
            this.poisoned = step.poisoned().iterator();
            advance();
        }

        private void advance() {
            nextPoisoned = poisoned.hasNext() ? poisoned.next() : null;
        }

        void learn(Range range) {
            TopicPartition partition = new TopicPartition(range.topic(), range.partition());
            Position to = range.to();
            int row = range.from().row();
            for (long offset = range.from().offset(); offset < to.offset(); offset++) {
                poison();
                Decoded.Usable record = usable(partition, offset);
                learn(record, row, record.rows().rows());
                row = 0;
            }
            if (row < to.row()) {
                poison();
                learn(usable(partition, to.offset()), row, to.row());
            }
            positions.put(partition, to);
        }

        private void learn(Decoded.Usable record, int from, int to) {
            int row = from;
            while (row < to) {
                poison();
                int until = nextPoisoned == null ? to : Math.min(to, row + nextPoisoned.at() - learned);
                row += encode(record, row, until);
            }
        }

        /** Rows that were left out later came in all the same, and the features have learned from them. */
        private void poison() {
            while (nextPoisoned != null && nextPoisoned.at() == learned) {
                Poisoned row = nextPoisoned;
                int before = learned;
                encode(
                        usable(new TopicPartition(row.topic(), row.partition()), row.offset()),
                        row.row(),
                        row.row() + 1);
                learned = before;
                advance();
            }
        }

        /** Takes as many of the rows as one block and one micro-batch have. */
        private int encode(Decoded.Usable record, int from, int to) {
            MicroBatch batch = open == null ? ring.take() : open;
            open = batch;
            RowBlock block = StepAssembler.blockOf(record.rows(), from);
            int first = from - block.firstRow();
            int count = Math.min(to - from, Math.min(block.rows() - first, batch.capacity() - batch.rows()));
            encoder.encode(block, first, count, batch, (row, reason, detail) -> {
                throw new IllegalStateException("a row that was learned from must still be one that can be: partition="
                        + record.partition() + " offset=" + record.original().offset() + " row="
                        + (block.firstRow() + row) + " reason=" + reason + " detail=" + detail);
            });
            if (batch.rows() == batch.capacity()) {
                microBatches.add(batch);
                open = null;
            }
            learned += count;
            return count;
        }

        StepBatch end() {
            poison();
            if (open != null) {
                microBatches.add(open);
                open = null;
            }
            List<MicroBatch> mine = List.copyOf(microBatches);
            return new StepBatch(
                    mine,
                    step.ranges(),
                    positions,
                    List.of(),
                    encoder.state(),
                    List.of(),
                    () -> mine.forEach(ring::giveBack));
        }

        void abandon() {
            microBatches.forEach(ring::giveBack);
            if (open != null) {
                ring.giveBack(open);
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
                    throw new IllegalStateException("a record that was learned from must still be readable: partition="
                            + partition + " offset=" + offset + " reason="
                            + unusable.why().getMessage());
            };
        }
    }
}
