package io.gradstream.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes a capture, see {@link Capture}. Closing it completes the file. */
public final class CaptureWriter implements Closeable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final OutputStream out;
    private ByteBuffer payload = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long records;
    private boolean closed;

    /**
     * Begins a capture.
     *
     * @param about what is captured, for whoever finds the file
     */
    public CaptureWriter(Path file, Map<String, String> about) throws IOException {
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        out.write(Capture.MAGIC);
        ObjectNode json = MAPPER.createObjectNode();
        about.forEach(json::put);
        frame(ByteBuffer.wrap(MAPPER.writeValueAsBytes(json)));
    }

    public void write(CapturedRecord record) throws IOException {
        payload.clear();
        byte[] topic = record.topic().getBytes(UTF_8);
        long size = 1 + sized(topic) + Integer.BYTES + 2L * Long.BYTES + sized(record.key()) + sized(record.value());
        size += Integer.BYTES;
        for (CapturedRecord.Header header : record.headers()) {
            size += sized(header.name().getBytes(UTF_8)) + sized(header.value());
        }
        if (size > Capture.MAX_PAYLOAD) {
            throw new IllegalArgumentException("a record must fit into a frame: bytes=" + size);
        }
        if (size > payload.capacity()) {
            payload = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        }
        payload.put(Capture.RECORD);
        put(topic);
        payload.putInt(record.partition()).putLong(record.offset()).putLong(record.timestamp());
        put(record.key());
        put(record.value());
        payload.putInt(record.headers().size());
        for (CapturedRecord.Header header : record.headers()) {
            put(header.name().getBytes(UTF_8));
            put(header.value());
        }
        frame(payload.flip());
        records++;
    }

    /** How many records were written. */
    public long records() {
        return records;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            frame(payload.clear().put(Capture.END).putLong(records).flip());
        }
    }

    private void frame(ByteBuffer bytes) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        ByteBuffer header = ByteBuffer.allocate(Capture.FRAME_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(bytes.remaining()).putInt((int) checksum.getValue());
        out.write(header.array());
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private static long sized(byte @Nullable [] bytes) {
        return Integer.BYTES + (bytes == null ? 0L : bytes.length);
    }

    private void put(byte @Nullable [] bytes) {
        if (bytes == null) {
            payload.putInt(-1);
        } else {
            payload.putInt(bytes.length).put(bytes);
        }
    }
}
