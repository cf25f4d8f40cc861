package io.gradstream.pipeline.checkpoint;

import io.gradstream.connectors.topic.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The small half of a checkpoint, as JSON: a checkpoint exists when its manifest does.
 *
 * @param offsets per topic and partition the next record to read and how many of its rows are used
 * @param sha256 the hash of the tensors' file
 */
record CheckpointManifest(
        String model,
        long step,
        long version,
        long rows,
        SortedMap<String, SortedMap<Integer, long[]>> offsets,
        long journalStart,
        String configuration,
        String tensors,
        String sha256) {

    static CheckpointManifest of(TrainerState state, String tensors, String sha256) {
        return new CheckpointManifest(
                state.name(),
                state.step(),
                state.version(),
                state.rows(),
                offsets(state.positions()),
                state.journalStart(),
                state.configuration(),
                tensors,
                sha256);
    }

    private static SortedMap<String, SortedMap<Integer, long[]>> offsets(Map<TopicPartition, Position> positions) {
        SortedMap<String, SortedMap<Integer, long[]>> offsets = new TreeMap<>();
        positions.forEach((partition, position) -> offsets.computeIfAbsent(partition.topic(), _ -> new TreeMap<>())
                .put(partition.partition(), new long[] {position.offset(), position.row()}));
        return offsets;
    }

    Map<TopicPartition, Position> positions() {
        Map<TopicPartition, Position> positions = new HashMap<>();
        offsets.forEach((topic, partitions) -> partitions.forEach((partition, at) ->
                positions.put(new TopicPartition(topic, partition), new Position(at[0], Math.toIntExact(at[1])))));
        return positions;
    }
}
