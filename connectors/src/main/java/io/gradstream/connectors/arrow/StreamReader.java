package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/** Arrow's streaming format: a schema, then dictionaries and record batches, then the end. */
final class StreamReader {
    private final byte[] bytes;
    private final int from;
    private final int end;
    private final Budget budget;
    private @Nullable KnownSchema known;

    /**
     * A stream in part of an array.
     *
     * @param known a schema that may turn out to be the one of this stream
     */
    StreamReader(byte[] bytes, int from, int end, Budget budget, @Nullable KnownSchema known) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        this.budget = budget;
        this.known = known;
    }

    /** The schema of the stream, once it was read. */
    @Nullable
    KnownSchema schema() {
        return known;
    }

    List<RowBlock> read(Projection projection) throws UndecodableException {
        Frame frame = Frame.at(bytes, from, end);
        if (frame == null) {
            throw Faults.corrupt("a stream must begin with a schema");
        }
        Selection selection = selection(frame, projection);
        Batches batches = new Batches(bytes, budget, selection, new Dictionaries(budget, true));
        for (int at = frame.end(); at < end; at = frame.end()) {
            frame = Frame.at(bytes, at, end);
            if (frame == null) {
                break;
            }
            Message message = frame.message();
            switch (message.headerType()) {
                case MessageHeader.RecordBatch ->
                    batches.add((RecordBatch) message.header(new RecordBatch()), frame.bodyStart(), frame.bodySize());
                case MessageHeader.DictionaryBatch ->
                    batches.add(
                            (DictionaryBatch) message.header(new DictionaryBatch()),
                            frame.bodyStart(),
                            frame.bodySize());
                default -> throw Faults.corrupt("only batches may follow the schema: header=" + message.headerType());
            }
        }
        return batches.blocks();
    }

    private Selection selection(Frame frame, Projection projection) throws UndecodableException {
        KnownSchema guess = known;
        if (guess != null && guess.matches(bytes, frame.metadataStart(), frame.metadataSize(), projection)) {
            return guess.selection();
        }
        Message message = frame.message();
        if (message.headerType() != MessageHeader.Schema) {
            throw Faults.corrupt("a stream must begin with a schema: header=" + message.headerType());
        }
        Schema schema = (Schema) message.header(new Schema());
        Selection selection =
                new Selection(SchemaReader.read(schema, message.version(), frame.metadataSize()), projection);
        byte[] metadata =
                Arrays.copyOfRange(bytes, frame.metadataStart(), frame.metadataStart() + frame.metadataSize());
        known = new KnownSchema(metadata, selection);
        return selection;
    }
}
