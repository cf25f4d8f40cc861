package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors format, in memory.
 *
 * <pre>
 *  0               8                      8 + n
 *  +---------------+----------------------+------------------------------------+
 *  | n, unsigned   | JSON: name → dtype,  | elements, end to end, as the       |
 *  | little-endian | shape, data_offsets  | offsets (from here on) say         |
 *  +---------------+----------------------+------------------------------------+
 * </pre>
 *
 * <p>Reading is strict: every byte behind the header belongs to exactly one tensor, and every tensor has the bytes that its shape
 * asks for. The header ends on a multiple of eight when we write it.
 */
public final class Safetensors {
    /** The longest header that is read, as in the reference implementation. */
    public static final int MAX_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";

    private Safetensors() {}

    /** The tensors of a blob, in the order of their bytes, and the notes that came with them. */
    public record Content(List<NamedTensor> tensors, SortedMap<String, String> metadata) {
        public Content {
            tensors = List.copyOf(tensors);
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }
    }

    /** Where a tensor's elements lie, counted from the end of the header. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Entry(String name, Dtype dtype, int[] shape, long begin, long end) {}

    /** A header: what is where. Entries are in the order of their bytes and cover all of them. */
    public record Header(List<Entry> entries, SortedMap<String, String> metadata) {}

    public static byte[] encode(List<NamedTensor> tensors) {
        return encode(tensors, Map.of());
    }

    public static byte[] encode(List<NamedTensor> tensors, Map<String, String> metadata) {
        byte[] header = header(tensors, metadata);
        long size = Long.BYTES + (long) header.length;
        for (NamedTensor tensor : tensors) {
            size += tensor.bytes().remaining();
        }
        ByteBuffer blob = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        blob.putLong(header.length).put(header);
        for (NamedTensor tensor : tensors) {
            blob.put(tensor.bytes());
        }
        return blob.array();
    }

    /** The header of these tensors, padded so that the elements behind it are aligned to eight bytes. */
    public static byte[] header(List<NamedTensor> tensors, Map<String, String> metadata) {
        ObjectNode json = Json.object();
        if (!metadata.isEmpty()) {
            ObjectNode notes = json.putObject(METADATA);
            new TreeMap<>(metadata).forEach(notes::put);
        }
        Set<String> names = new HashSet<>();
        long at = 0;
        for (NamedTensor tensor : tensors) {
            if (tensor.name().equals(METADATA) || !names.add(tensor.name())) {
                throw new IllegalArgumentException(
                        "tensor names must be unique and not __metadata__: name=" + tensor.name());
            }
            long end = at + tensor.bytes().remaining();
            ObjectNode entry = json.putObject(tensor.name());
            entry.put("dtype", tensor.dtype().name());
            ArrayNode shape = entry.putArray("shape");
            for (int dimension : tensor.shape()) {
                shape.add(dimension);
            }
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] text = Json.bytes(json);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) & ~7);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    public static Content decode(byte[] blob) {
        return decode(ByteBuffer.wrap(blob));
    }

    /** Reads a blob; the tensors are views of its bytes. */
    public static Content decode(ByteBuffer blob) {
        ByteBuffer in = blob.slice().order(ByteOrder.LITTLE_ENDIAN);
        int length = headerLength(in, in.remaining());
        byte[] text = new byte[length];
        in.get(Long.BYTES, text);
        ByteBuffer elements = in.slice(Long.BYTES + length, in.remaining() - Long.BYTES - length);
        Header header = parseHeader(text, elements.remaining());
        List<NamedTensor> tensors = new ArrayList<>();
        for (Entry entry : header.entries()) {
            ByteBuffer bytes = elements.slice((int) entry.begin(), (int) (entry.end() - entry.begin()));
            tensors.add(new NamedTensor(entry.name(), entry.dtype(), entry.shape(), bytes));
        }
        return new Content(tensors, header.metadata());
    }

    /**
     * Reads the length of the header that follows.
     *
     * @param start at least the first eight bytes, if there are so many
     * @param available how many bytes there are in all
     */
    public static int headerLength(ByteBuffer start, long available) {
        if (available < Long.BYTES) {
            throw new MalformedException("safetensors must begin with eight bytes of length: bytes=" + available);
        }
        long length = start.order(ByteOrder.LITTLE_ENDIAN).getLong(start.position());
        if (length < 2 || length > MAX_HEADER || length > available - Long.BYTES) {
            throw new MalformedException("safetensors header must fit into the blob: header="
                    + Long.toUnsignedString(length) + " bytes=" + available);
        }
        return (int) length;
    }

    /**
     * Reads a header.
     *
     * @param dataLength the number of bytes behind it
     */
    public static Header parseHeader(byte[] text, long dataLength) {
        if (text.length == 0 || text[0] != '{') {
            throw new MalformedException("safetensors header must begin with a brace");
        }
        ObjectNode json = Json.object("safetensors header", text);
        SortedMap<String, String> metadata = new TreeMap<>();
        List<Entry> entries = new ArrayList<>();
        for (var field : json.properties()) {
            if (field.getKey().equals(METADATA)) {
                ObjectNode notes = Json.object(json, METADATA);
                notes.properties().forEach(note -> metadata.put(note.getKey(), Json.text(notes, note.getKey())));
            } else {
                entries.add(entry(field.getKey(), Json.object(json, field.getKey())));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : entries) {
            if (entry.begin() != at) {
                throw new MalformedException("tensors must lie end to end: name=" + entry.name() + " begin="
                        + entry.begin() + " expected=" + at);
            }
            at = entry.end();
        }
        if (at != dataLength) {
            throw new MalformedException("tensors must cover all bytes: covered=" + at + " bytes=" + dataLength);
        }
        return new Header(List.copyOf(entries), metadata);
    }

    private static Entry entry(String name, ObjectNode json) {
        Dtype dtype;
        try {
            dtype = Dtype.valueOf(Json.text(json, "dtype"));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("dtype must be known: name=" + name + " dtype=" + json.get("dtype"), e);
        }
        ArrayNode dimensions = Json.array(json, "shape");
        int[] shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Json.count(dimensions.get(i), json, "shape");
        }
        ArrayNode offsets = Json.array(json, "data_offsets");
        long begin = offset(offsets.get(0), json);
        long end = offset(offsets.get(1), json);
        if (offsets.size() != 2 || end - begin != bytes(name, shape, dtype)) {
            throw new MalformedException("a tensor must have the bytes of its shape: name=" + name + " dtype=" + dtype
                    + " shape=" + Arrays.toString(shape) + " data_offsets=" + offsets);
        }
        return new Entry(name, dtype, shape, begin, end);
    }

    private static long offset(@Nullable JsonNode node, ObjectNode in) {
        long offset = Json.integer(node, in, "data_offsets");
        if (offset < 0) {
            throw Json.fault(in, "data_offsets", "two integers from 0");
        }
        return offset;
    }

    private static long bytes(String name, int[] shape, Dtype dtype) {
        try {
            return Math.multiplyExact(NamedTensor.size(shape), dtype.bytes());
        } catch (ArithmeticException e) {
            throw new MalformedException(
                    "a shape must be countable: name=" + name + " shape=" + Arrays.toString(shape), e);
        }
    }
}
