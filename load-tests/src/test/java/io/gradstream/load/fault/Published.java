package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a trainer has published, read with a plain consumer.
 *
 * @param weights every record of the weights topic as text, in order; of the manifests all but what names the model and the time
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
                weights.add(key + " " + HexFormat.of().formatHex(record.value()));
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

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
