package io.gradstream.connectors.topic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How tensors are cut into records: whole if they fit, else into as many rows as fit, so that the cuts depend on name, shape and
 * type alone and stay the same from version to version.
 */
public final class WeightSlices {
    /** Leaves room below Kafka's default limit of a mebibyte per message. */
    public static final int DEFAULT_BYTES = 896 << 10;

    private final int maxBytes;

    /**
     * A way to cut.
     *
     * @param maxBytes the most bytes of elements in one record; a single row that is larger goes out alone all the same
     */
    public WeightSlices(int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("slices must have bytes: maxBytes=" + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** Some rows of a tensor, or all of it. The part keeps the tensor's name. */
    public record Slice(SliceKey key, NamedTensor part) {
        /** The record's value: a safetensors blob with one tensor, called by the name of the tensor it is cut from. */
        public byte[] value() {
            return Safetensors.encode(List.of(part));
        }
    }

    public List<Slice> cut(NamedTensor tensor) {
        int bytes = tensor.bytes().remaining();
        int rows = tensor.rows();
        if (bytes <= maxBytes || rows <= 1) {
            return List.of(new Slice(SliceKey.whole(tensor.name()), tensor));
        }
        int perSlice = Math.max(1, maxBytes / (bytes / rows));
        List<Slice> slices = new ArrayList<>();
        for (int from = 0; from < rows; from += perSlice) {
            int to = Math.min(rows, from + perSlice);
            slices.add(new Slice(new SliceKey(tensor.name(), from, to), tensor.slice(from, to)));
        }
        return slices;
    }

    /** The hashes that the slices of a model have when they are published. */
    public Map<SliceKey, String> hashes(List<NamedTensor> tensors) {
        Map<SliceKey, String> hashes = new LinkedHashMap<>();
        for (NamedTensor tensor : tensors) {
            for (Slice slice : cut(tensor)) {
                hashes.put(slice.key(), WeightVersions.sha256(slice.value()));
            }
        }
        return hashes;
    }

    /** What {@link Manifest#digest} says of a version with these tensors. */
    public String digest(List<NamedTensor> tensors) {
        VersionDigest digest = new VersionDigest();
        hashes(tensors).forEach(digest::add);
        return digest.value();
    }
}
