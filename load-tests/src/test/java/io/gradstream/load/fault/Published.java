package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a trainer has published, read with a plain consumer.
 *
 * @param weights every record of the weights topic in order: of slices the key and the hash, of manifests all but what names the model
 *     and the time
 * @param lastProgress the progressive metrics of the last step
 * @param newestVersion the version of the last manifest
 */
record Published(List<String> weights, String lastProgress, String newestVersion) {
    private static final JsonMapper JSON = new JsonMapper();

    Published {
        weights = List.copyOf(weights);
    }

    static Published of(String bootstrap, String name) {
        List<String> weights = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        PlainTopic.forEach(bootstrap, name + ".weights", record -> {
            String key = new String(record.key(), UTF_8);
            if (key.equals("manifest")) {
                ObjectNode manifest = (ObjectNode) json(record.value());
                versions.add(manifest.get("version").asText());
                manifest.remove(List.of("model", "time"));
                weights.add(manifest.toString());
            } else {
                weights.add(key + " " + sha256(record.value()));
            }
        });
        List<JsonNode> progress = new ArrayList<>();
        PlainTopic.forEach(bootstrap, name + ".metrics", record -> {
            JsonNode metrics = json(record.value());
            if (metrics.has("progressive")) {
                progress.add(metrics.get("progressive"));
            }
        });
        return new Published(weights, progress.getLast().toString(), versions.getLast());
    }

    /** Demands that both have published the same, record by record. */
    void assertSameWeights(Published other) {
        for (int i = 0; i < Math.min(weights.size(), other.weights.size()); i++) {
            assertThat(weights.get(i)).as("record %d", i).isEqualTo(other.weights.get(i));
        }
        assertThat(weights.size()).as("records").isEqualTo(other.weights.size());
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
