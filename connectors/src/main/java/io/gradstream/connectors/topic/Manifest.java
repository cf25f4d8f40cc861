package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * What one version of a model consists of, and what it has learned from.
 *
 * @param step the optimizer step after which the version was taken
 * @param parent the version before it, if there is one
 * @param slices every slice of the model, also those unchanged since an older version
 * @param offsets for every input partition the first row that this version has not learned from
 * @param topics which input topics these are
 * @param rows how many rows the model has learned from in all
 */
public record Manifest(
        String model,
        long version,
        long step,
        OptionalLong parent,
        List<Slice> slices,
        SortedMap<String, SortedMap<Integer, Position>> offsets,
        TopicIds topics,
        long rows,
        Instant time) {
    /** The key of manifests in a weights topic. */
    public static final String KEY = "manifest";

    /**
     * One record of a weights topic.
     *
     * @param version the version with which it was published last
     * @param shape the shape of the slice, not of the whole tensor
     * @param sha256 the hash of the record's value, in lower-case hexadecimal digits
     */
    public record Slice(SliceKey key, long version, Dtype dtype, List<Integer> shape, String sha256) {
        public Slice {
            shape = List.copyOf(shape);
        }
    }

    public Manifest {
        slices = List.copyOf(slices);
        offsets = Positions.copy(offsets);
        Set<SliceKey> keys = new HashSet<>();
        for (Slice slice : slices) {
            if (!keys.add(slice.key())) {
                throw new IllegalArgumentException("a manifest must list a slice once: key=" + slice.key());
            }
            if (slice.version() > version) {
                throw new IllegalArgumentException("a slice must not be newer than its manifest: key=" + slice.key()
                        + " slice=" + slice.version() + " manifest=" + version);
            }
        }
    }

    /** All of the version in one hash: that of the lines {@code key sha256} of its slices, in the order of the keys. */
    public String digest() {
        VersionDigest digest = new VersionDigest();
        slices.forEach(slice -> digest.add(slice.key(), slice.sha256()));
        return digest.value();
    }

    public byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("model", model).put("version", version).put("step", step);
        parent.ifPresentOrElse(p -> json.put("parent", p), () -> json.putNull("parent"));
        ArrayNode list = json.putArray("slices");
        for (Slice slice : slices) {
            ObjectNode entry = list.addObject();
            entry.put("key", slice.key().toString()).put("version", slice.version());
            entry.put("dtype", slice.dtype().name());
            ArrayNode shape = entry.putArray("shape");
            slice.shape().forEach(shape::add);
            entry.put("sha256", slice.sha256());
        }
        json.set("offsets", Positions.json(offsets));
        topics.addTo(json);
        json.put("rows", rows).put("time", time.toString());
        return Json.bytes(json);
    }

    public static Manifest parse(byte[] bytes) {
        ObjectNode json = Json.object("manifest", bytes);
        List<Slice> slices = new ArrayList<>();
        for (JsonNode entry : Json.array(json, "slices")) {
            slices.add(slice(entry));
        }
        JsonNode parent = json.get("parent");
        try {
            return new Manifest(
                    Json.text(json, "model"),
                    Json.integer(json, "version"),
                    Json.integer(json, "step"),
                    parent == null || parent.isNull()
                            ? OptionalLong.empty()
                            : OptionalLong.of(Json.integer(json, "parent")),
                    slices,
                    Positions.parse(json, "offsets"),
                    TopicIds.parse(json),
                    Json.integer(json, "rows"),
                    Json.time(json, "time"));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("manifest contradicts itself: " + e.getMessage(), e);
        }
    }

    private static Slice slice(JsonNode entry) {
        ArrayNode dimensions = Json.array(entry, "shape");
        List<Integer> shape = new ArrayList<>();
        for (JsonNode dimension : dimensions) {
            shape.add(Json.count(dimension, entry, "shape"));
        }
        try {
            return new Slice(
                    SliceKey.parse(Json.text(entry, "key")),
                    Json.integer(entry, "version"),
                    Dtype.valueOf(Json.text(entry, "dtype")),
                    shape,
                    Json.text(entry, "sha256"));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("slice must be sound: entry=" + entry, e);
        }
    }
}
