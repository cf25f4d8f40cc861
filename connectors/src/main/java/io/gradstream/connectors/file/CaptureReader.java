package io.gradstream.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.connectors.topic.MalformedException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a capture from front to back, see {@link Capture}. Every frame is checked before it is used. */
public final class CaptureReader implements Closeable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final InputStream in;
    private final Map<String, String> about;
    private long records;
    private boolean ended;

    public CaptureReader(Path file) throws IOException {
        this(new BufferedInputStream(Files.newInputStream(file), 1 << 16), file.toString());
    }

    /** @param name what faults call the source */
    CaptureReader(InputStream in, String name) throws IOException {
        this.in = in;
        try {
            if (!Arrays.equals(in.readNBytes(Capture.MAGIC.length), Capture.MAGIC)) {
                throw new MalformedException("a capture must begin with its name: file=" + name);
            }
            this.about = about(frame());
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** What the file says of itself. */
    public Map<String, String> about() {
        return Map.copyOf(about);
    }

    /** The next record, or null behind the last one. */
    public @Nullable CapturedRecord next() throws IOException {
        if (ended) {
            return null;
        }
        ByteBuffer payload = frame();
        try {
            byte kind = payload.get();
            if (kind == Capture.RECORD) {
                records++;
                return record(payload);
            }
            if (kind != Capture.END || payload.getLong() != records || in.read() >= 0) {
                throw new MalformedException("a capture must end with the number of its records: read=" + records);
            }
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a frame must hold its parts: record=" + records, e);
        }
        ended = true;
        return null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private ByteBuffer frame() throws IOException {
        byte[] start = in.readNBytes(Capture.FRAME_HEADER);
        if (start.length < Capture.FRAME_HEADER) {
            throw new MalformedException("a capture must have its end: records=" + records);
        }
        ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        int size = header.getInt();
        int checksum = header.getInt();
        if (size < 0 || size > Capture.MAX_PAYLOAD) {
            throw new MalformedException("a frame must have a length: length=" + size + " record=" + records);
        }
        byte[] payload = in.readNBytes(size);
        CRC32C actual = new CRC32C();
        actual.update(payload);
        if (payload.length < size || (int) actual.getValue() != checksum) {
            throw new MalformedException("a frame must have its checksum: record=" + records);
        }
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Map<String, String> about(ByteBuffer payload) throws IOException {
        Map<String, String> about = new TreeMap<>();
        byte[] text = new byte[payload.remaining()];
        payload.get(text);
        try {
            MAPPER.readTree(text)
                    .properties()
                    .forEach(entry -> about.put(entry.getKey(), entry.getValue().asText()));
        } catch (JsonProcessingException e) {
            throw new MalformedException("a capture must say what it is as JSON: fault=" + e.getOriginalMessage(), e);
        }
        return about;
    }

    private static CapturedRecord record(ByteBuffer payload) {
        String topic = text(payload);
        int partition = payload.getInt();
        long offset = payload.getLong();
        long timestamp = payload.getLong();
        byte[] key = bytes(payload);
        byte[] value = bytes(payload);
        List<CapturedRecord.Header> headers = new ArrayList<>();
        int count = payload.getInt();
        for (int i = 0; i < count; i++) {
            headers.add(new CapturedRecord.Header(text(payload), bytes(payload)));
        }
        if (count < 0 || payload.hasRemaining()) {
            throw new MalformedException(
                    "a record must fill its frame: headers=" + count + " left=" + payload.remaining());
        }
        return new CapturedRecord(topic, partition, offset, timestamp, key, value, headers);
    }

    private static String text(ByteBuffer payload) {
        byte[] bytes = bytes(payload);
        if (bytes == null) {
            throw new MalformedException("a name must be there");
        }
        return new String(bytes, UTF_8);
    }

    private static byte @Nullable [] bytes(ByteBuffer payload) {
        int length = payload.getInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > payload.remaining()) {
            throw new MalformedException("a part must lie within its frame: length=" + length);
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return bytes;
    }
}
