package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SortedMap;
import java.util.TreeMap;

/** One hash for all of a version: that of the lines {@code key sha256} of its slices, in the order of the keys. */
final class VersionDigest {
    private final SortedMap<String, String> slices = new TreeMap<>();

    void add(SliceKey key, String sha256) {
        slices.put(key.toString(), sha256);
    }

    String value() {
        StringBuilder lines = new StringBuilder();
        slices.forEach(
                (key, sha256) -> lines.append(key).append(' ').append(sha256).append('\n'));
        return WeightVersions.sha256(lines.toString().getBytes(UTF_8));
    }
}
