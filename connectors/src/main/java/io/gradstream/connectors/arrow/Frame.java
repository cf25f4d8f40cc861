package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * One message of a stream, and where its parts lie.
 *
 * <pre>
 *  0xFFFFFFFF 4 | length of metadata 4 | metadata | body, as long as the metadata says
 * </pre>
 */
record Frame(Message message, int metadataStart, int metadataSize, int bodySize) {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final int PREFIX = 8;
    private static final int CONTINUATION = -1;

    int bodyStart() {
        return metadataStart + metadataSize;
    }

    int end() {
        return bodyStart() + bodySize;
    }

    /** The message at this place, or null where the stream ends with its mark. */
    static @Nullable Frame at(byte[] bytes, int at, int end) throws UndecodableException {
        if (end - at < PREFIX || (int) INT.get(bytes, at) != CONTINUATION) {
            throw Faults.corrupt("a message must begin with the continuation marker: at=" + at);
        }
        int size = (int) INT.get(bytes, at + 4);
        int start = at + PREFIX;
        if (size == 0) {
            if (start != end) {
                throw Faults.corrupt("nothing may follow the end of a stream: bytes=" + (end - start));
            }
            return null;
        }
        if (size < 0 || size > end - start) {
            throw Faults.corrupt("metadata must lie within the record: metadata=" + size + " bytes=" + (end - start));
        }
        Message message = Message.getRootAsMessage(metadata(bytes, start, size));
        if (message.version() < MetadataVersion.V4 || message.version() > MetadataVersion.V5) {
            throw Faults.corrupt("metadata version must be known: version=" + message.version());
        }
        long body = message.bodyLength();
        if (body < 0 || body > end - start - size) {
            throw Faults.corrupt("a body must lie within the record: body=" + body + " bytes=" + (end - start - size));
        }
        return new Frame(message, start, size, (int) body);
    }

    /** A view of metadata from which nothing outside can be reached. */
    static ByteBuffer metadata(byte[] bytes, int start, int size) {
        return ByteBuffer.wrap(bytes, start, size).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
