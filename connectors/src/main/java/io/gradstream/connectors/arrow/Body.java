package io.gradstream.connectors.arrow;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.gradstream.connectors.rows.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one batch. One at a time is open, as {@link #array} from {@link #at} on, {@link #length} bytes long: a piece of
 * the message itself, or a new array where the message is compressed.
 */
final class Body {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** In place of an uncompressed length: the bytes that follow are as they are. */
    private static final long STORED = -1;

    private static final byte UNCOMPRESSED = -1;

    private final RecordBatch batch;
    private final byte[] message;
    private final int start;
    private final int size;
    private final byte codec;
    private final Budget budget;
    private final Buffer buffer = new Buffer();
    private int next;

    byte[] array;
    int at;
    int length;

    Body(RecordBatch batch, byte[] message, int start, int size, Budget budget) throws UndecodableException {
        this.batch = batch;
        this.message = message;
        this.start = start;
        this.size = size;
        this.budget = budget;
        this.array = message;
        this.codec = codec(batch.compression());
    }

    private static byte codec(@Nullable BodyCompression compression) throws UndecodableException {
        if (compression == null) {
            return UNCOMPRESSED;
        }
        if (compression.method() != BodyCompressionMethod.BUFFER
                || (compression.codec() != CompressionType.LZ4_FRAME && compression.codec() != CompressionType.ZSTD)) {
            throw Faults.corrupt(
                    "compression must be known: codec=" + compression.codec() + " method=" + compression.method());
        }
        return compression.codec();
    }

    /** Opens the next buffer. */
    void open() throws UndecodableException {
        locate();
        if (codec != UNCOMPRESSED && length > 0) {
            decompress();
        }
    }

    /** Steps over buffers, which must lie within the message all the same. */
    void skip(int count) throws UndecodableException {
        for (int i = 0; i < count; i++) {
            locate();
        }
    }

    private void locate() throws UndecodableException {
        batch.buffers(buffer, next++);
        long offset = buffer.offset();
        long bytes = buffer.length();
        if (offset < 0 || bytes < 0 || bytes > size || offset > size - bytes) {
            throw Faults.corrupt("buffers must lie within the message: buffer=" + (next - 1) + " offset=" + offset
                    + " length=" + bytes + " body=" + size);
        }
        array = message;
        at = start + (int) offset;
        length = (int) bytes;
    }

    private void decompress() throws UndecodableException {
        if (length < Long.BYTES) {
            throw Faults.corrupt("compressed buffers must begin with their length: bytes=" + length);
        }
        long plain = (long) LONG.get(array, at);
        int from = at + Long.BYTES;
        int packed = length - Long.BYTES;
        if (plain == STORED) {
            at = from;
            length = packed;
            return;
        }
        if (plain == 0 && packed == 0) {
            // Arrow Java writes the length of an empty buffer, and no frame behind it.
            length = 0;
            return;
        }
        byte[] to = budget.allocate(plain);
        long written =
                codec == CompressionType.ZSTD ? unzstd(from, packed, to) : Lz4Frame.decode(array, from, packed, to);
        if (written != plain) {
            throw Faults.corrupt("compressed buffers must have their length: expected=" + plain + " bytes=" + written);
        }
        array = to;
        at = 0;
        length = to.length;
    }

    private long unzstd(int from, int packed, byte[] to) throws UndecodableException {
        try {
            return Zstd.decompressByteArray(to, 0, to.length, array, from, packed);
        } catch (ZstdException e) {
            throw Faults.corrupt("compressed buffers must be sound: codec=zstd", e);
        }
    }
}
