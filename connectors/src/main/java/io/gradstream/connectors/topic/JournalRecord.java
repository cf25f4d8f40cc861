package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that made one optimizer step, exactly. Its key on the journal topic is the model's name.
 *
 * @param version the newest published version when the step was taken
 * @param ranges in the order in which their rows were learned from
 */
public record JournalRecord(long version, long step, List<Range> ranges) {
    /**
     * Rows of one partition that follow each other.
     *
     * @param from the first row
     * @param to the place behind the last row; where the next range of the partition begins
     */
    public record Range(String topic, int partition, Position from, Position to) {
        public Range {
            if (from.compareTo(to) >= 0) {
                throw new IllegalArgumentException("a range must have rows: topic=" + topic + " partition=" + partition
                        + " from=" + from + " to=" + to);
            }
        }
    }

    public JournalRecord {
        ranges = List.copyOf(ranges);
    }

    public byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("version", version).put("step", step);
        ArrayNode list = json.putArray("ranges");
        for (Range range : ranges) {
            ObjectNode entry = list.addObject();
            entry.put("topic", range.topic()).put("partition", range.partition());
            entry.set("from", json(range.from()));
            entry.set("to", json(range.to()));
        }
        return Json.bytes(json);
    }

    public static JournalRecord parse(byte[] value) {
        ObjectNode json = Json.object("journal record", value);
        List<Range> ranges = new ArrayList<>();
        for (JsonNode entry : Json.array(json, "ranges")) {
            try {
                ranges.add(new Range(
                        Json.text(entry, "topic"),
                        Json.count(entry, "partition"),
                        position(entry, "from"),
                        position(entry, "to")));
            } catch (IllegalArgumentException e) {
                throw new MalformedException("range must be sound: range=" + entry, e);
            }
        }
        return new JournalRecord(Json.integer(json, "version"), Json.integer(json, "step"), ranges);
    }

    private static ObjectNode json(Position position) {
        return Json.object().put("offset", position.offset()).put("row", position.row());
    }

    private static Position position(JsonNode in, String field) {
        ObjectNode json = Json.object(in, field);
        return new Position(Json.integer(json, "offset"), Json.count(json, "row"));
    }
}
