package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.RowFormat;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrow's IPC format: a stream or a file, with any number of record batches.
 *
 * <p>Columns are views of the record's own bytes wherever these are not compressed. Nothing in the bytes is believed before it is
 * checked against what is there: a message of whatever content either decodes or ends in an {@link UndecodableException}, within
 * the limits.
 */
public final class ArrowFormat implements RowFormat {
    private final Limits limits;

    /** The schema seen last: as a rule the producers of a topic use one. */
    private volatile @Nullable KnownSchema known;

    public ArrowFormat(Limits limits) {
        this.limits = limits;
    }

    @Override
    public DecodedRecord decode(Origin origin, ByteBuffer value, Projection projection) throws UndecodableException {
        if (!value.hasRemaining()) {
            throw new UndecodableException(Reason.EMPTY, "record has no bytes");
        }
        byte[] bytes;
        int from = 0;
        int end = value.remaining();
        if (value.hasArray()) {
            bytes = value.array();
            from = value.arrayOffset() + value.position();
            end += from;
        } else {
            bytes = new byte[end];
            value.get(value.position(), bytes);
        }
        List<RowBlock> blocks = decode(bytes, from, end, projection);
        DecodedRecord record = new DecodedRecord(origin, blocks);
        if (record.rows() == 0) {
            throw new UndecodableException(Reason.EMPTY, "record has no rows");
        }
        return record;
    }

    private List<RowBlock> decode(byte[] bytes, int from, int end, Projection projection) throws UndecodableException {
        Budget budget = new Budget(limits.bytes(), limits.rows());
        try {
            if (FileReader.isFile(bytes, from, end)) {
                return new FileReader(bytes, from, end, budget).read(projection);
            }
            StreamReader reader = new StreamReader(bytes, from, end, budget, known);
            List<RowBlock> blocks = reader.read(projection);
            known = reader.schema();
            return blocks;
        } catch (IndexOutOfBoundsException
                | BufferUnderflowException
                | IllegalArgumentException
                | ArithmeticException e) {
            throw Faults.corrupt("metadata must be sound", e);
        }
    }
}
