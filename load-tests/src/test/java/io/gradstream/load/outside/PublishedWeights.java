package io.gradstream.load.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The newest model on a weights topic, put together by the documented rules: slices, then a manifest that vouches for them. */
record PublishedWeights(JsonNode manifest, int manifests, SequencedMap<String, float[]> tensors) {
    private static final JsonMapper JSON = new JsonMapper();

    static PublishedWeights of(List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
        Map<String, byte[]> newest = new HashMap<>();
        int manifests = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            newest.put(key, record.value());
            manifests += key.equals("manifest") ? 1 : 0;
        }
        byte[] manifest = newest.get("manifest");
        if (manifest == null) {
            throw new AssertionError("no manifest on the topic: keys=" + newest.keySet());
        }
        JsonNode description = JSON.readTree(manifest);
        return new PublishedWeights(description, manifests, assemble(description, newest));
    }

    private static SequencedMap<String, float[]> assemble(JsonNode manifest, Map<String, byte[]> newest)
            throws IOException {
        SequencedMap<String, List<float[]>> slices = new LinkedHashMap<>();
        for (JsonNode slice : manifest.get("slices")) {
            String key = slice.get("key").asText();
            byte[] value = newest.get(key);
            if (value == null || !sha256(value).equals(slice.get("sha256").asText())) {
                throw new AssertionError("slice is missing or not what the manifest says: key=" + key);
            }
            String tensor = key.replaceFirst("\\[\\d+:\\d+]$", "");
            slices.computeIfAbsent(tensor, name -> new ArrayList<>())
                    .add(PlainSafetensors.read(value).firstEntry().getValue().values());
        }
        SequencedMap<String, float[]> tensors = new LinkedHashMap<>();
        slices.forEach((name, parts) -> tensors.put(name, join(parts)));
        return tensors;
    }

    private static float[] join(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
