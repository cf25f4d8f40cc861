package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Positions by topic and partition, as {@code {topic: {partition: [offset, row]}}}. */
final class Positions {
    private Positions() {}

    static SortedMap<String, SortedMap<Integer, Position>> copy(
            Map<String, ? extends Map<Integer, Position>> positions) {
        SortedMap<String, SortedMap<Integer, Position>> copy = new TreeMap<>();
        positions.forEach(
                (topic, partitions) -> copy.put(topic, Collections.unmodifiableSortedMap(new TreeMap<>(partitions))));
        return Collections.unmodifiableSortedMap(copy);
    }

    static ObjectNode json(Map<String, ? extends Map<Integer, Position>> positions) {
        ObjectNode topics = Json.object();
        positions.forEach((topic, partitions) -> {
            ObjectNode node = topics.putObject(topic);
            partitions.forEach((partition, position) -> node.set(partition.toString(), json(position)));
        });
        return topics;
    }

    static ArrayNode json(Position position) {
        return Json.array().add(position.offset()).add(position.row());
    }

    static SortedMap<String, SortedMap<Integer, Position>> parse(JsonNode in, String field) {
        SortedMap<String, SortedMap<Integer, Position>> positions = new TreeMap<>();
        ObjectNode topics = Json.object(in, field);
        for (var topic : topics.properties()) {
            ObjectNode partitions = Json.object(topics, topic.getKey());
            SortedMap<Integer, Position> byPartition = new TreeMap<>();
            for (var partition : partitions.properties()) {
                byPartition.put(number(partition.getKey()), position(partitions, partition.getKey()));
            }
            positions.put(topic.getKey(), byPartition);
        }
        return positions;
    }

    static Position position(JsonNode in, String field) {
        ArrayNode pair = Json.array(in, field);
        long offset = Json.integer(pair.get(0), in, field);
        int row = Json.count(pair.get(1), in, field);
        if (pair.size() != 2 || offset < 0) {
            throw Json.fault(in, field, "[offset, row]");
        }
        return new Position(offset, row);
    }

    private static int number(String partition) {
        try {
            int number = Integer.parseInt(partition);
            if (number >= 0 && Integer.toString(number).equals(partition)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new MalformedException("a partition must be a number: partition=" + partition, e);
        }
        throw new MalformedException("a partition must be a number: partition=" + partition);
    }
}
