package io.gradstream.pipeline.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradstream.connectors.topic.MalformedException;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The small half of a checkpoint, as JSON: a checkpoint exists when its manifest does.
 *
 * @param offsets per topic and partition the next record to read and how many of its rows are used
 * @param topics the ids of these topics, null in what was written before they were kept
 * @param tensors the name of the tensors' file, empty where they travel with it
 * @param sha256 the hash of the tensors' file
 * @param seal the hash of everything else
 */
record CheckpointManifest(
        String model,
        long step,
        long version,
        long rows,
        SortedMap<String, SortedMap<Integer, long[]>> offsets,
        @Nullable SortedMap<String, String> topics,
        long journalStart,
        String configuration,
        String tensors,
        String sha256,
        String seal) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern FILE = Pattern.compile("(\\d{12,}\\.safetensors)?");

    CheckpointManifest {
        if (Stream.of(model, offsets, configuration, tensors, sha256, seal).anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a checkpoint must have all its parts");
        }
        if (!seal.equals(seal(
                model,
                step,
                version,
                rows,
                positions(offsets),
                ids(topics),
                journalStart,
                configuration,
                tensors,
                sha256))) {
            throw new IllegalArgumentException("a checkpoint must be what was written");
        }
        if (!FILE.matcher(tensors).matches()) {
            throw new IllegalArgumentException("a checkpoint's tensors must lie beside it: file=" + tensors);
        }
    }

    /** Reads what was written, and nothing else. */
    static CheckpointManifest parse(byte[] json) {
        try {
            CheckpointManifest manifest = JSON.readValue(json, CheckpointManifest.class);
            if (manifest != null) {
                return manifest;
            }
        } catch (JacksonException e) {
            throw new MalformedException("manifest is not whole: fault=" + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedException("manifest is not whole", e);
        }
        throw new MalformedException("manifest is not there");
    }

    static CheckpointManifest of(TrainerState state, String tensors, String sha256) {
        return new CheckpointManifest(
                state.name(),
                state.step(),
                state.version(),
                state.rows(),
                offsets(state.positions()),
                state.topics().byName(),
                state.journalStart(),
                state.configuration(),
                tensors,
                sha256,
                seal(
                        state.name(),
                        state.step(),
                        state.version(),
                        state.rows(),
                        state.positions(),
                        state.topics(),
                        state.journalStart(),
                        state.configuration(),
                        tensors,
                        sha256));
    }

    /** The hash of everything else, so that no digit of it can change unseen. */
    private static String seal(
            String model,
            long step,
            long version,
            long rows,
            Map<TopicPartition, Position> positions,
            TopicIds topics,
            long journalStart,
            String configuration,
            String tensors,
            String sha256) {
        StringJoiner lines = new StringJoiner("\n");
        Stream.of(model, step, version, rows, journalStart, tensors, sha256, configuration)
                .forEach(part -> lines.add(part.toString()));
        positions.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().offset() + " "
                        + each.getValue().row())
                .sorted()
                .forEach(lines::add);
        topics.byName().forEach((topic, id) -> lines.add(topic + " " + id));
        return Hashes.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static SortedMap<String, SortedMap<Integer, long[]>> offsets(Map<TopicPartition, Position> positions) {
        SortedMap<String, SortedMap<Integer, long[]>> offsets = new TreeMap<>();
        positions.forEach((partition, position) -> offsets.computeIfAbsent(partition.topic(), _ -> new TreeMap<>())
                .put(partition.partition(), new long[] {position.offset(), position.row()}));
        return offsets;
    }

    Map<TopicPartition, Position> positions() {
        return positions(offsets);
    }

    TopicIds topicIds() {
        return ids(topics);
    }

    private static TopicIds ids(@Nullable SortedMap<String, String> topics) {
        return topics == null ? TopicIds.NONE : new TopicIds(topics);
    }

    private static Map<TopicPartition, Position> positions(SortedMap<String, SortedMap<Integer, long[]>> offsets) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        offsets.forEach((topic, partitions) -> partitions.forEach((partition, at) -> {
            if (at == null || at.length != 2) {
                throw new IllegalArgumentException("a position must be [offset, row]: topic=" + topic);
            }
            positions.put(new TopicPartition(topic, partition), new Position(at[0], Math.toIntExact(at[1])));
        }));
        return positions;
    }
}
