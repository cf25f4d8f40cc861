package io.gradstream.pipeline.batching;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.pipeline.decoding.Decoded;
import io.gradstream.pipeline.decoding.DecodedRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes records whose rows have no columns, and an encoder that writes down which row it saw instead of any value. */
final class Rows {
    static final ModelSpec MODEL = new ModelSpec(List.of(new InputColumn.Numeric("row")), new Architecture.Linear(), 1);

    private Rows() {}

    static TopicPartition partition(int number) {
        return new TopicPartition("rows", number);
    }

    /** A record of several blocks. */
    static Decoded.Usable record(int partition, long offset, int... blockRows) {
        List<RowBlock> blocks = new ArrayList<>();
        int first = 0;
        for (int rows : blockRows) {
            blocks.add(new RowBlock(first, rows, List.of()));
            first += rows;
        }
        DecodedRecord rows = new DecodedRecord(new Origin("rows", partition, offset), blocks);
        return new Decoded.Usable(partition(partition), polled(offset), rows);
    }

    /** A record of one block whose value has so many bytes. */
    static Decoded.Usable large(int partition, long offset, int bytes, int rows) {
        PolledRecord original = new PolledRecord(offset, 0, null, ByteBuffer.allocate(bytes), new RecordHeaders());
        return new Decoded.Usable(
                partition(partition), original, record(partition, offset, rows).rows());
    }

    static Decoded.Unusable unusable(int partition, long offset, int bytes) {
        PolledRecord original = new PolledRecord(offset, 0, null, ByteBuffer.allocate(bytes), new RecordHeaders());
        return new Decoded.Unusable(
                partition(partition),
                original,
                new UndecodableException(UndecodableException.Reason.CORRUPT, "bytes must make sense"));
    }

    static DecodedRecords poll(Decoded... records) {
        return new DecodedRecords(Arrays.asList(records), () -> {});
    }

    private static PolledRecord polled(long offset) {
        return new PolledRecord(offset, 0, null, ByteBuffer.allocate(1), new RecordHeaders());
    }

    /** Writes the number of the row within its record; refuses rows that have a certain number. */
    static RowEncoder encoder(int... refused) {
        return new RowEncoder() {
            @Override
            public void encode(RowBlock block, int from, int count, MicroBatch into, Rejections rejections) {
                for (int row = from; row < from + count; row++) {
                    int number = block.firstRow() + row;
                    if (Arrays.stream(refused).anyMatch(each -> each == number)) {
                        rejections.reject(row, "label", "label must be there");
                    } else {
                        into.dense().setAtIndex(JAVA_FLOAT, into.rows(), number);
                        into.rows(into.rows() + 1);
                    }
                }
            }

            @Override
            public List<NamedTensor> state() {
                return List.of();
            }
        };
    }

    /** The rows of a step as they were written, one list per micro-batch. */
    static List<List<Integer>> numbers(StepBatch step) {
        return step.microBatches().stream().map(Rows::numbers).toList();
    }

    private static List<Integer> numbers(MicroBatch batch) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < batch.rows(); i++) {
            numbers.add((int) batch.dense().getAtIndex(JAVA_FLOAT, i));
        }
        return numbers;
    }
}
