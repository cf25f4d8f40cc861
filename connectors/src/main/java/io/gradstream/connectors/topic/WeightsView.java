package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been read of a weights topic: the newest value of every key, and the newest version that was complete.
 *
 * <p>A version is complete when every slice that its manifest lists is there with its checksum. One whose slices a newer version
 * has replaced never becomes complete: its successor's manifest takes its place. Slices may come after their manifest, from another
 * partition.
 */
final class WeightsView {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsView.class);

    private final Map<String, Slot> slots = new HashMap<>();
    private @Nullable Manifest waiting;
    private @Nullable Complete complete;

    private static final class Slot {
        private final byte[] value;
        private @Nullable String sha256;

        Slot(byte[] value) {
            this.value = value;
        }

        String sha256() {
            if (sha256 == null) {
                sha256 = WeightVersions.sha256(value);
            }
            return sha256;
        }
    }

    /** A complete version whose tensors have not been put together yet. */
    record Complete(Manifest manifest, List<byte[]> values) {}

    /** Takes in a record. */
    void accept(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null) {
            return;
        }
        String name = new String(key, UTF_8);
        if (value == null) {
            slots.remove(name);
        } else if (name.equals(Manifest.KEY)) {
            manifest(value);
        } else {
            slots.put(name, new Slot(value));
        }
        complete();
    }

    /** The newest version that was complete so far. */
    Optional<Complete> newest() {
        return Optional.ofNullable(complete);
    }

    private void manifest(byte[] value) {
        try {
            waiting = Manifest.parse(value);
        } catch (MalformedException e) {
            LOG.warn("manifest is passed over: {}", e.getMessage());
        }
    }

    private void complete() {
        Manifest manifest = waiting;
        if (manifest == null) {
            return;
        }
        List<byte[]> values = new ArrayList<>();
        for (Manifest.Slice slice : manifest.slices()) {
            Slot slot = slots.get(slice.key().toString());
            if (slot == null || !slot.sha256().equals(slice.sha256())) {
                return;
            }
            values.add(slot.value);
        }
        complete = new Complete(manifest, values);
        waiting = null;
    }

    /** Puts the tensors of a version together; nothing, if what lies under sound checksums does not fit together. */
    static Optional<PublishedModel> model(Complete version) {
        try {
            return Optional.of(joined(version));
        } catch (MalformedException e) {
            LOG.warn("version {} is passed over: {}", version.manifest().version(), e.getMessage());
            return Optional.empty();
        }
    }

    private static PublishedModel joined(Complete version) {
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        List<Manifest.Slice> slices = version.manifest().slices();
        for (int i = 0; i < slices.size(); i++) {
            SliceKey key = slices.get(i).key();
            NamedTensor tensor = tensor(slices.get(i), version.values().get(i));
            parts.computeIfAbsent(key.tensor(), _ -> new ArrayList<>()).add(new Part(key, tensor));
        }
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        parts.forEach((name, list) -> tensors.put(name, joined(name, list)));
        return new PublishedModel(version.manifest(), tensors);
    }

    private record Part(SliceKey key, NamedTensor tensor) {}

    private static NamedTensor tensor(Manifest.Slice slice, byte[] value) {
        List<NamedTensor> tensors = Safetensors.decode(value).tensors();
        if (tensors.size() != 1 || !tensors.getFirst().name().equals(slice.key().tensor())) {
            throw new MalformedException("a slice must hold its tensor: key=" + slice.key() + " tensors=" + tensors);
        }
        NamedTensor tensor = tensors.getFirst();
        List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
        if (tensor.dtype() != slice.dtype() || !shape.equals(slice.shape())) {
            throw new MalformedException(
                    "a slice must be as its manifest says: key=" + slice.key() + " tensor=" + tensor);
        }
        return tensor;
    }

    private static NamedTensor joined(String name, List<Part> parts) {
        if (parts.size() == 1 && parts.getFirst().key().isWhole()) {
            return parts.getFirst().tensor();
        }
        parts.sort(Comparator.comparingInt(part -> part.key().from()));
        int rows = 0;
        long bytes = 0;
        for (Part part : parts) {
            if (part.key().from() != rows || part.tensor().rows() != part.key().to() - rows) {
                throw new MalformedException("slices must lie end to end: key=" + part.key() + " expected=" + rows);
            }
            rows = part.key().to();
            bytes += part.tensor().bytes().remaining();
        }
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(bytes));
        parts.forEach(part -> whole.put(part.tensor().bytes()));
        NamedTensor first = parts.getFirst().tensor();
        int[] shape = first.shape();
        shape[0] = rows;
        return new NamedTensor(name, first.dtype(), shape, whole.flip());
    }
}
