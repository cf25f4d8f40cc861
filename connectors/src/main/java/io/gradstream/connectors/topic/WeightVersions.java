package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The publishing side of a weights topic: turns parameters into the records of the next version, and remembers what was published
 * so that a delta carries only slices that changed.
 *
 * <p>A draft counts as published only once {@link #committed} says so: after a failed transaction the next draft carries the same
 * changes again. Not for use by several threads at once.
 */
public final class WeightVersions {
    /** Which slices a version carries. */
    public enum Mode {
        /** All of them. */
        FULL,
        /** Those that differ from the version before. */
        DELTA
    }

    /**
     * A version ready to be sent in one transaction.
     *
     * @param records changed slices, then tombstones for slices that are no more, then the manifest
     */
    public record Draft(Manifest manifest, List<WeightRecord> records) {
        public Draft {
            records = List.copyOf(records);
        }
    }

    private final String model;
    private final WeightSlices cutting;
    private @Nullable Manifest published;

    public WeightVersions(String model, WeightSlices cutting) {
        this.model = model;
        this.cutting = cutting;
    }

    /** Goes on from a version that is on the topic already. */
    public WeightVersions(String model, WeightSlices cutting, Manifest published) {
        this(model, cutting);
        this.published = published;
    }

    /** The newest version known to be on the topic. */
    public @Nullable Manifest published() {
        return published;
    }

    /**
     * Prepares the next version.
     *
     * @param offsets for every input topic and partition the first row not learned from
     * @param topics which input topics these are
     * @param rows how many rows the model has learned from in all
     */
    public Draft draft(
            long version,
            long step,
            List<NamedTensor> tensors,
            Mode mode,
            Map<String, ? extends Map<Integer, Position>> offsets,
            TopicIds topics,
            long rows,
            Instant time) {
        Manifest parent = published;
        if (parent != null && version <= parent.version()) {
            throw new IllegalArgumentException(
                    "versions must rise: version=" + version + " published=" + parent.version());
        }
        Map<SliceKey, Manifest.Slice> before = new LinkedHashMap<>();
        if (parent != null) {
            parent.slices().forEach(slice -> before.put(slice.key(), slice));
        }
        List<Manifest.Slice> slices = new ArrayList<>();
        List<WeightRecord> records = new ArrayList<>();
        for (NamedTensor tensor : tensors) {
            for (WeightSlices.Slice slice : cutting.cut(tensor)) {
                byte[] value = slice.value();
                String sha256 = sha256(value);
                Manifest.Slice old = before.remove(slice.key());
                boolean unchanged = old != null && old.sha256().equals(sha256);
                if (old != null && unchanged && mode == Mode.DELTA) {
                    slices.add(old);
                    continue;
                }
                NamedTensor part = slice.part();
                slices.add(new Manifest.Slice(slice.key(), version, part.dtype(), shape(part), sha256));
                records.add(new WeightRecord(slice.key().bytes(), value));
            }
        }
        before.keySet().forEach(gone -> records.add(new WeightRecord(gone.bytes(), null)));
        Manifest manifest = new Manifest(
                model,
                version,
                step,
                parent == null ? OptionalLong.empty() : OptionalLong.of(parent.version()),
                slices,
                Positions.copy(offsets),
                topics,
                rows,
                time);
        records.add(new WeightRecord(Manifest.KEY.getBytes(UTF_8), manifest.toJson()));
        return new Draft(manifest, records);
    }

    /** Takes note that the transaction with this draft was committed. */
    public void committed(Draft draft) {
        published = draft.manifest();
    }

    private static List<Integer> shape(NamedTensor tensor) {
        return Arrays.stream(tensor.shape()).boxed().toList();
    }

    static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM must have SHA-256", e);
        }
    }
}
