package io.gradstream.pipeline.batching;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.decoding.Decoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a sequence of records into steps: a micro-batch may take part of a record and several records, and a step knows exactly
 * which rows it has. Depends on nothing but its input and on when it is told to {@link #cut}.
 */
public final class StepAssembler {
    /** A step ends early when this many bytes of unusable records have come with it: what is to be published stays bounded. */
    static final long MAX_REJECTED_BYTES = 4 << 20;

    /**
     * Every letter of a record of at most this size has its value. Of a larger one, the first letter of a step has it, and others as
     * long as all together stay within {@link #MAX_REJECTED_BYTES}: a megabyte with a thousand bad rows would be a gigabyte of letters.
     */
    static final int MAX_REPEATED_BYTES = 64 << 10;

    /** So many rows of a record are tried at a time, however close the limit is. */
    private static final int ROWS_TRIED = 64;

    private final MicroBatchRing ring;
    private final RowEncoder encoder;
    private final int accumulate;
    private final StopConditions stop;
    private final Map<TopicPartition, Position> resumeAt;

    private final RangeRecorder ranges = new RangeRecorder();
    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private final List<MicroBatch> microBatches = new ArrayList<>();
    private final List<RejectedRecord> rejected = new ArrayList<>();
    private final List<Runnable> acknowledgements = new ArrayList<>();
    private long letterBytes;
    private long largeValueBytes;
    private @Nullable Decoded lastLarge;
    private @Nullable MicroBatch open;

    private Decoded.@Nullable Usable reading;
    private int nextRow;

    private long rows;
    private long steps;

    /**
     * @param resumeAt where to go on in partitions that are already partly used; what comes is believed to begin there, and if it
     *     begins elsewhere, as in a topic that was made anew, all of it counts
     * @param rows how many rows the model has already learned from
     * @param steps how many steps it has already taken
     */
    public StepAssembler(
            MicroBatchRing ring,
            RowEncoder encoder,
            int accumulate,
            StopConditions stop,
            Map<TopicPartition, Position> resumeAt,
            long rows,
            long steps) {
        this.ring = ring;
        this.encoder = encoder;
        this.accumulate = accumulate;
        this.stop = stop;
        this.resumeAt = new HashMap<>(resumeAt);
        this.rows = rows;
        this.steps = steps;
    }

    /** Takes the next record; the one before must be used up. */
    void accept(Decoded next) {
        Position start = resumeAt.remove(next.partition());
        Position here = new Position(next.original().offset(), 0);
        switch (next) {
            case Decoded.Usable usable -> {
                reading = usable;
                nextRow = start != null && start.offset() == here.offset() ? start.row() : 0;
                if (nextRow >= usable.rows().rows()) {
                    endRecord(usable);
                }
            }
            case Decoded.Unusable unusable -> {
                reject(
                        unusable.partition(),
                        unusable,
                        unusable.why().row(),
                        unusable.why().reason().label(),
                        unusable.why().getMessage());
                positions.put(unusable.partition(), new Position(here.offset() + 1, 0));
            }
        }
    }

    /** Remembers whom to tell when everything accepted so far is published. */
    void acknowledgeLater(Runnable acknowledge) {
        acknowledgements.add(acknowledge);
    }

    boolean hasInput() {
        return reading != null;
    }

    /** Nothing has happened since the last cut that anyone would have to know of. */
    boolean empty() {
        return microBatches.isEmpty() && open == null && positions.isEmpty();
    }

    boolean full() {
        return microBatches.size() == accumulate
                || letterBytes >= MAX_REJECTED_BYTES
                || (largeValueBytes >= MAX_REJECTED_BYTES && reading == null);
    }

    boolean stopReached() {
        return rows >= stop.rows() || steps >= stop.steps();
    }

    /** Uses rows of the record until it has no more, a micro-batch is full, or the last row before the stop is taken. */
    void fill() {
        Decoded.Usable record = reading;
        if (record == null) {
            return;
        }
        MicroBatch batch = open == null ? ring.take() : open;
        open = batch;
        RowBlock block = blockOf(record.rows(), nextRow);
        int from = nextRow - block.firstRow();
        int room = Math.min(block.rows() - from, batch.capacity() - batch.rows());
        int count = (int) Math.min(stop.rows() - rows, Math.min(room, rowsTried(record)));
        int before = batch.rows();
        BlockRows taken = new BlockRows(record, block, from);
        encoder.encode(block, from, count, batch, taken);
        taken.upTo(from + count);
        rows += batch.rows() - before;
        nextRow += count;
        positions.put(record.partition(), new Position(record.original().offset(), nextRow));
        if (batch.rows() == batch.capacity()) {
            microBatches.add(batch);
            open = null;
        }
        if (nextRow == record.rows().rows()) {
            endRecord(record);
        }
    }

    /** Everything since the last cut, as one step. */
    StepBatch cut() {
        if (open != null) {
            if (open.rows() > 0) {
                microBatches.add(open);
            } else {
                ring.giveBack(open);
            }
            open = null;
        }
        List<MicroBatch> mine = List.copyOf(microBatches);
        StepBatch step = new StepBatch(
                mine,
                ranges.take(),
                positions,
                rejected,
                encoder.state(),
                acknowledgements,
                () -> mine.forEach(ring::giveBack));
        if (mine.stream().anyMatch(batch -> batch.totalWeight() > 0)) {
            steps++;
        }
        microBatches.clear();
        positions.clear();
        rejected.clear();
        letterBytes = 0;
        largeValueBytes = 0;
        lastLarge = null;
        acknowledgements.clear();
        return step;
    }

    /** Forgets what is not cut yet. */
    void abandon() {
        if (open != null) {
            ring.giveBack(open);
            open = null;
        }
        microBatches.forEach(ring::giveBack);
        microBatches.clear();
        reading = null;
    }

    /** As many rows as may be unusable before the step ends. A function of the log alone, like every other place of a cut. */
    private long rowsTried(Decoded.Usable record) {
        return Math.max(ROWS_TRIED, (MAX_REJECTED_BYTES - letterBytes) / bytesOfLetter(record));
    }

    private static long bytesOfLetter(Decoded record) {
        return 256L + (isLarge(record) ? 0 : record.original().valueBytes());
    }

    private static boolean isLarge(Decoded record) {
        return record.original().valueBytes() > MAX_REPEATED_BYTES;
    }

    @SuppressWarnings("ReferenceEquality") // the very record, not one like it
    private boolean carriesValue(Decoded record) {
        int bytes = record.original().valueBytes();
        return !isLarge(record) || lastLarge != record || largeValueBytes + bytes <= MAX_REJECTED_BYTES;
    }

    private void endRecord(Decoded.Usable record) {
        positions.put(record.partition(), new Position(record.original().offset() + 1, 0));
        reading = null;
        nextRow = 0;
    }

    private void reject(
            TopicPartition partition, Decoded from, OptionalInt row, String reason, @Nullable String detail) {
        boolean carriesValue = carriesValue(from);
        rejected.add(new RejectedRecord(
                partition, from.original(), row, reason, detail == null ? reason : detail, carriesValue));
        letterBytes += bytesOfLetter(from);
        if (carriesValue && isLarge(from)) {
            largeValueBytes += from.original().valueBytes();
            lastLarge = from;
        }
    }

    static RowBlock blockOf(DecodedRecord record, int row) {
        for (RowBlock block : record.blocks()) {
            if (row < block.firstRow() + block.rows()) {
                return block;
            }
        }
        throw new IllegalStateException("row lies in the record: row=" + row + " rows=" + record.rows());
    }

    /** The rows of one block that are really taken: the ranges between the rejected ones. */
    private final class BlockRows implements RowEncoder.Rejections {
        private final Decoded.Usable record;
        private final RowBlock block;
        private int next;

        BlockRows(Decoded.Usable record, RowBlock block, int from) {
            this.record = record;
            this.block = block;
            this.next = from;
        }

        @Override
        public void reject(int row, String reason, String detail) {
            upTo(row);
            next = row + 1;
            StepAssembler.this.reject(
                    record.partition(), record, OptionalInt.of(block.firstRow() + row), reason, detail);
        }

        void upTo(int row) {
            if (row > next) {
                long offset = record.original().offset();
                boolean endsRecord = block.firstRow() + row == record.rows().rows();
                ranges.add(
                        record.partition(),
                        new Position(offset, block.firstRow() + next),
                        endsRecord ? new Position(offset + 1, 0) : new Position(offset, block.firstRow() + row));
                next = row;
            }
        }
    }
}
