package io.gradstream.load.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.StreamSupport;

/**
 * The safetensors format from its published description: eight bytes of header length, a JSON header, the data. Written
 * apart from the product's own, to be an independent witness.
 */
final class PlainSafetensors {
    private static final JsonMapper JSON = new JsonMapper();

    /** A float tensor. */
    @SuppressWarnings("ArrayRecordComponent")
    record Tensor(long[] shape, float[] values) {}

    private PlainSafetensors() {}

    static byte[] write(SequencedMap<String, Tensor> tensors) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            int begin = data.size();
            ByteBuffer bytes =
                    ByteBuffer.allocate(tensor.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(tensor.values());
            data.write(bytes.array());
            ObjectNode description = header.putObject(entry.getKey()).put("dtype", "F32");
            Arrays.stream(tensor.shape()).forEach(description.putArray("shape")::add);
            description.putArray("data_offsets").add(begin).add(data.size());
        }
        byte[] json = JSON.writeValueAsBytes(header);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        return file.putLong(json.length).put(json).put(data.toByteArray()).array();
    }

    static SequencedMap<String, Tensor> read(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(bytes.getLong());
        String json = new String(file, Long.BYTES, headerLength, StandardCharsets.UTF_8);
        int data = Long.BYTES + headerLength;
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JSON.readTree(json).properties()) {
            if (entry.getKey().equals("__metadata__")) {
                continue;
            }
            JsonNode description = entry.getValue();
            if (!description.get("dtype").asText().equals("F32")) {
                throw new IOException("expected F32: " + entry);
            }
            int begin = description.get("data_offsets").get(0).asInt();
            int end = description.get("data_offsets").get(1).asInt();
            float[] values = new float[(end - begin) / Float.BYTES];
            bytes.slice(data + begin, end - begin)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            long[] shape = StreamSupport.stream(description.get("shape").spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            tensors.put(entry.getKey(), new Tensor(shape, values));
        }
        return tensors;
    }
}
