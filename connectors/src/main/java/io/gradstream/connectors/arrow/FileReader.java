package io.gradstream.connectors.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Arrow's file format, in memory: the footer says where dictionaries and record batches are.
 *
 * <pre>
 *  "ARROW1" 6 | padding 2 | the messages of a stream | footer | length of footer 4 | "ARROW1" 6
 * </pre>
 */
final class FileReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] MAGIC = "ARROW1".getBytes(US_ASCII);
    private static final int HEAD = 8;
    private static final int TAIL = Integer.BYTES + MAGIC.length;

    private final byte[] bytes;
    private final int from;
    private final int end;
    private final Budget budget;
    private long blockBytesLeft;

    FileReader(byte[] bytes, int from, int end, Budget budget) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        this.budget = budget;
        this.blockBytesLeft = (long) end - from;
    }

    static boolean isFile(byte[] bytes, int from, int end) {
        return end - from >= MAGIC.length && Arrays.equals(bytes, from, from + MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    List<RowBlock> read(Projection projection) throws UndecodableException {
        if (end - from < HEAD + TAIL || !Arrays.equals(bytes, end - MAGIC.length, end, MAGIC, 0, MAGIC.length)) {
            throw Faults.corrupt("a file must end with its magic");
        }
        int size = (int) INT.get(bytes, end - TAIL);
        if (size <= 0 || size > end - from - HEAD - TAIL) {
            throw Faults.corrupt("footer must lie within the file: footer=" + size + " bytes=" + (end - from));
        }
        int footerStart = end - TAIL - size;
        Footer footer = Footer.getRootAsFooter(Frame.metadata(bytes, footerStart, size));
        Selection selection = new Selection(SchemaReader.read(footer.schema(), footer.version(), size), projection);
        Batches batches = new Batches(bytes, budget, selection, new Dictionaries(budget, false));
        for (int i = 0; i < footer.dictionariesLength(); i++) {
            Frame frame = frame(footer.dictionaries(i), footerStart, MessageHeader.DictionaryBatch);
            batches.add(
                    (DictionaryBatch) frame.message().header(new DictionaryBatch()),
                    frame.bodyStart(),
                    frame.bodySize());
        }
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
            Frame frame = frame(footer.recordBatches(i), footerStart, MessageHeader.RecordBatch);
            batches.add((RecordBatch) frame.message().header(new RecordBatch()), frame.bodyStart(), frame.bodySize());
        }
        return batches.blocks();
    }

    /** Reads the message of a block. Blocks together cannot be larger than the file: none is read over and over. */
    private Frame frame(Block block, int footerStart, byte header) throws UndecodableException {
        long offset = block.offset();
        long size = (long) block.metaDataLength() + block.bodyLength();
        blockBytesLeft -= size;
        if (offset < HEAD || size < Frame.PREFIX || blockBytesLeft < 0 || offset > footerStart - from - size) {
            throw Faults.corrupt("blocks must lie within the file: offset=" + offset + " size=" + size);
        }
        int start = from + (int) offset;
        Frame frame = Frame.at(bytes, start, start + (int) size);
        if (frame == null || frame.message().headerType() != header) {
            throw Faults.corrupt("a block must hold what the footer says: offset=" + offset);
        }
        return frame;
    }
}
